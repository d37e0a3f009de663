//! Every state, in every language and size, drawn by the renderer of the product.

#![allow(missing_docs, clippy::unwrap_used)]

mod samples;

use std::collections::HashSet;

use screens::frame::Frame;
use screens::lobby::Size;
use screens::render;

const SIZES: [(u32, u32, f32); 3] = [(1080, 1920, 22.0), (1280, 800, 10.1), (1920, 1080, 22.0)];

/// The picture's pixels: right size, and more than a ground.
fn check(name: &str, png: &[u8], width: u32, height: u32) {
    let decoder = png::Decoder::new(std::io::Cursor::new(png));
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height), (width, height), "{name}");
    // Every seventh pixel is enough, and quick.
    let colours: HashSet<&[u8]> = pixels.chunks(3).step_by(7).collect();
    // Letters have soft edges: a page with text has dozens of colours.
    assert!(colours.len() > 30, "{name} shows {} colours", colours.len());
}

#[test]
fn every_touch_state_draws_in_every_language_and_size() {
    for (width, height, diagonal_inches) in SIZES {
        let frame = Frame {
            width: width as f32,
            height: height as f32,
            diagonal_inches,
        };
        for language in ["vi", "en"] {
            for (state, view) in samples::touch_views(language, frame) {
                let png = render::touch(&view, width, height).unwrap();
                check(
                    &format!("touch {state} {language} {width}"),
                    &png,
                    width,
                    height,
                );
            }
        }
    }
}

#[test]
fn every_page_of_the_corner_draws_in_every_language_and_size() {
    // Standing, and lying on the smallest glass.
    for (width, height, diagonal_inches) in [SIZES[0], SIZES[1]] {
        let frame = Frame {
            width: width as f32,
            height: height as f32,
            diagonal_inches,
        };
        for language in ["vi", "en"] {
            let home = samples::home(language, frame);
            let covered = render::touch(&home, width, height).unwrap();
            for (state, view) in samples::corner_views(language) {
                let png = render::corner(&home, &view, width, height).unwrap();
                let name = format!("corner {state} {language} {width}");
                assert_ne!(png, covered, "{name}");
                check(&name, &png, width, height);
            }
        }
    }
}

#[test]
fn every_lobby_state_draws_in_every_size() {
    for (width, height, _) in SIZES {
        let size = Size {
            width: width as f32,
            height: height as f32,
        };
        for (state, view) in samples::lobby_views(size) {
            let png = render::lobby(&view, width, height).unwrap();
            check(&format!("lobby {state} {width}"), &png, width, height);
        }
    }
}

#[test]
fn a_press_changes_the_picture_of_its_tile_only() {
    let frame = Frame {
        width: 1080.0,
        height: 1920.0,
        diagonal_inches: 22.0,
    };
    let views = samples::touch_views("vi", frame);
    let of = |name: &str| {
        let view = &views.iter().find(|(state, _)| *state == name).unwrap().1;
        (
            view.services.iter().filter(|tile| tile.chosen).count(),
            view.tiles_enabled,
        )
    };
    assert_eq!(of("home"), (0, true));
    assert_eq!(of("asked"), (1, false));
}
