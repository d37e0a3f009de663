//! The typefaces that come with the build: full Vietnamese, never from luck.

/// Noto Sans (OFL), as on the screens, so that paper, pages and screens agree.
pub const FACES: printer::Faces = printer::Faces {
    regular: include_bytes!("../screens/fonts/NotoSans_400Regular.ttf"),
    semibold: include_bytes!("../screens/fonts/NotoSans_600SemiBold.ttf"),
    bold: include_bytes!("../screens/fonts/NotoSans_700Bold.ttf"),
};
