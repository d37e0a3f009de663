//! The role `kiosk voice`: makes the first set of clips, and exports and takes in an office's own.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;

use crate::config::Config;
use crate::packs::{self, Packs};

/// What is done with clips.
#[derive(Subcommand)]
pub enum VoiceCommand {
    /// Makes the first set of clips with espeak-ng, for every language of [voice]; recorded clips
    /// stay as they are, and stand before it.
    Make,
    /// Writes the office's own clips of a language into a pack, to be shared.
    Export {
        /// The pack, such as giong-doc.zip.
        file: PathBuf,
        /// vi or en.
        #[arg(long, value_parser = language, default_value = "vi")]
        language: voice::Language,
        /// Who speaks, for whoever takes it in; else as it is known.
        #[arg(long)]
        name: Option<String>,
    },
    /// Takes in a pack: its clips replace the office's own, clip by clip.
    Import {
        /// The pack.
        file: PathBuf,
    },
}

fn language(code: &str) -> Result<voice::Language, String> {
    voice::Language::of(code).ok_or_else(|| "vi or en".to_owned())
}

/// Does it, on this machine's data folder.
pub(super) fn voice(config: &Config, command: VoiceCommand) -> anyhow::Result<()> {
    let clips = Packs::of(&config.server.data);
    let mut out = std::io::stdout();
    match command {
        VoiceCommand::Make => {
            for language in &config.voice.languages {
                let made = packs::make(&clips, *language, &config.voice.letters)?;
                writeln!(out, "{}: {made} clips", language.code())?;
            }
        }
        VoiceCommand::Export {
            file,
            language,
            name,
        } => {
            let name = name.unwrap_or_else(|| clips.name(language));
            let bytes = packs::pack(&clips, language, &name, &config.voice.letters)?;
            std::fs::write(&file, bytes).with_context(|| file.display().to_string())?;
            writeln!(out, "{}", file.display())?;
        }
        VoiceCommand::Import { file } => {
            let open = || file.display().to_string();
            let length = std::fs::metadata(&file).with_context(open)?.len();
            anyhow::ensure!(
                length <= packs::BYTES_MAX as u64,
                "{}: {}",
                file.display(),
                packs::PackError::TooLarge
            );
            let bytes = std::fs::read(&file).with_context(open)?;
            let taken = packs::unpack(&clips, &bytes).with_context(open)?;
            let (language, count) = (taken.language.code(), taken.clips);
            match taken.name.as_str() {
                "" => writeln!(out, "{language}: {count} clips")?,
                name => writeln!(out, "{language}: {count} clips of {name}")?,
            }
        }
    }
    Ok(())
}
