//! Bands are put back on paper and compared with the picture that they were cut from.

use super::*;
use crate::graphic::break_up;
use crate::profile::Profile;

const RULES: Rules = Rules {
    head_bytes: 12,
    bytes_max: 960,
    rows_max: 240,
    margin: false,
    double: false,
    whole_lines: false,
};

fn white(rows: usize) -> Picture {
    Picture::white(&Profile::named("generic-80").unwrap(), rows)
}

/// What a printer makes of bands.
fn printed(bands: &[Band], rows: usize) -> Picture {
    let mut paper = white(rows);
    for band in bands {
        let (across, down) = band.scale.times();
        let graphic = &band.graphic;
        let left = match band.place {
            Place::Left(left) => left,
            Place::Centre => (paper.width() - across * graphic.width) / 2,
        };
        assert_eq!(graphic.rows() * down, band.rows.len());
        for (y, row) in graphic.dots.chunks(graphic.row_bytes()).enumerate() {
            for x in (0..graphic.width).filter(|x| row[x / 8] & (0x80 >> (x % 8)) != 0) {
                let (x, y) = (left + across * x, band.rows.start + down * y);
                paper.fill(x, y, across, down);
            }
        }
    }
    paper
}

/// Lines of boxes and single dots, some doubled; never the same twice.
fn any_picture(seed: u32) -> Picture {
    let mut state = seed;
    let mut chance = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    let mut picture = white(120);
    for _ in 0..chance(30) {
        let even = 1 + chance(2);
        let (left, top) = (chance(576) / even * even, chance(120));
        picture.fill(left, top, even * (1 + chance(20)), even * (1 + chance(9)));
    }
    // Bytes that look like the beginning of a real-time command.
    for _ in 0..chance(200) {
        picture.set(chance(576), chance(120), true);
    }
    break_up(picture.bytes_mut());
    picture
}

#[test]
fn bands_print_every_dot_and_no_command() {
    for seed in 0..50 {
        let picture = any_picture(seed);
        for way in 0..8 {
            let rules = Rules {
                margin: way & 1 != 0,
                double: way & 2 != 0,
                whole_lines: way & 4 != 0,
                ..RULES
            };
            let bands = bands(&picture, 0..picture.rows(), &rules);
            assert!(printed(&bands, 120) == picture, "{seed}: {rules:?}");
            for band in &bands {
                assert!(band.graphic.is_harmless(), "{seed}: {band:?}");
                let whole = rules.whole_lines || band.graphic.dots.len() <= 960;
                assert!(whole && band.rows.len() <= 240);
            }
        }
    }
}

#[test]
fn a_band_that_is_widened_to_be_harmless_is_divided_by_rows() {
    // 12 bytes wide and 80 rows high: 960 bytes, as many as may be.
    let mut picture = white(80);
    for y in 0..80 {
        picture.set(3, y, true);
        picture.set(98, y, true);
    }
    let rules = Rules {
        margin: true,
        ..RULES
    };
    let lengths = |picture: &Picture| -> Vec<usize> {
        let bands = bands(picture, 0..80, &rules);
        assert!(printed(&bands, 80) == *picture);
        assert!(bands.iter().all(|band| band.graphic.is_harmless()));
        bands.iter().map(|band| band.graphic.dots.len()).collect()
    };
    assert_eq!(lengths(&picture), [960]);
    // From column 3 on, these two are the bytes 10 04.
    picture.set(46, 40, true);
    picture.set(56, 40, true);
    assert_eq!(lengths(&picture), [12 * 40, 14 * 40]);
}

#[test]
fn white_paper_is_fed_and_not_sent() {
    let mut picture = white(300);
    picture.fill(280, 10, 16, 3);
    picture.fill(0, 290, 8, 10);
    let bands = bands(&picture, 0..300, &RULES);
    let seen: Vec<_> = bands
        .iter()
        .map(|band| (band.rows.clone(), band.place, band.graphic.dots.len()))
        .collect();
    assert_eq!(
        seen,
        [(10..13, Place::Centre, 6), (290..300, Place::Left(0), 10)]
    );
}

#[test]
fn the_marks_above_a_line_do_not_cost_its_whole_width() {
    let mut picture = white(30);
    picture.fill(40, 10, 500, 20);
    picture.fill(300, 0, 8, 8);
    let whole = Rules {
        margin: true,
        ..RULES
    };
    let bytes = |rules| {
        let bands = bands(&picture, 0..30, &rules);
        bands
            .iter()
            .map(|band| band.graphic.dots.len())
            .sum::<usize>()
    };
    assert_eq!(bytes(whole), 8 + 63 * 20);
    assert!(bytes(RULES) < 72 * 22);
}

#[test]
fn what_is_made_of_double_dots_travels_as_a_quarter() {
    let mut picture = white(40);
    picture.fill(100, 4, 200, 30);
    let rules = Rules {
        double: true,
        margin: true,
        ..RULES
    };
    let bands = bands(&picture, 0..40, &rules);
    assert_eq!(bands.len(), 1);
    assert_eq!(bands[0].graphic.dots.len(), 13 * 15);
    assert_eq!(bands[0].place, Place::Left(100));
}
