//! Writes every state of both screens as PNG files: `cargo run -p screens --example gallery -- DIR`.
//! A second argument draws only the pictures whose names contain it.

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::path::PathBuf;

use screens::frame::Frame;
use screens::{lobby, render};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = PathBuf::from(arguments.next().unwrap_or_else(|| "gallery".to_owned()));
    let only = arguments.next().unwrap_or_default();
    std::fs::create_dir_all(&directory)?;
    for (width, height, diagonal_inches) in
        [(1080, 1920, 22.0), (1280, 800, 10.1), (1920, 1080, 22.0)]
    {
        let (w, h) = (width as f32, height as f32);
        let frame = Frame {
            width: w,
            height: h,
            diagonal_inches,
        };
        for language in ["vi", "en"] {
            for (state, view) in samples::touch_views(language, frame) {
                let name = format!("touch-{width}x{height}-{language}-{state}.png");
                if name.contains(&only) {
                    std::fs::write(directory.join(name), render::touch(&view, width, height)?)?;
                }
            }
            let home = samples::home(language, frame);
            for (state, view) in samples::corner_views(language) {
                let name = format!("corner-{width}x{height}-{language}-{state}.png");
                if name.contains(&only) {
                    let png = render::corner(&home, &view, width, height)?;
                    std::fs::write(directory.join(name), png)?;
                }
            }
        }
        for (state, view) in samples::lobby_views(lobby::Size {
            width: w,
            height: h,
        }) {
            let name = format!("lobby-{width}x{height}-{state}.png");
            if name.contains(&only) {
                std::fs::write(directory.join(name), render::lobby(&view, width, height)?)?;
            }
        }
    }
    Ok(())
}
