//! Compiles the screens. Fonts and pictures go into the binary, so that a screen never
//! depends on what is installed; debug information lets tests find elements.

fn main() {
    let configuration = slint_build::CompilerConfiguration::new()
        .embed_resources(slint_build::EmbedResourcesKind::EmbedFiles)
        .with_debug_info(true);
    slint_build::compile_with_config("ui/screens.slint", configuration)
        .expect("the screens in ui/ compile");
}
