//! Screens as pictures, without a display: for reviews, tests and `--render`.
//!
//! The same pages and the same renderer as in a window. Once a thread has drawn, it can open
//! no window any more: Slint knows one platform per thread.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use slint::platform::software_renderer::{MinimalSoftwareWindow, RepaintBufferType};
use slint::platform::{Platform, WindowAdapter, set_platform, update_timers_and_animations};
use slint::{ComponentHandle, PhysicalSize, PlatformError, Rgb8Pixel, SharedPixelBuffer};

use crate::corner::CornerView;
use crate::lobby::LobbyView;
use crate::touch::TouchView;
use crate::ui::{LobbyWindow, TouchWindow};
use crate::{Error, lobby as lobby_screen, touch as touch_screen};

thread_local! {
    static WINDOWS: RefCell<Vec<Rc<MinimalSoftwareWindow>>> = const { RefCell::new(Vec::new()) };
}

struct Headless(Instant);

impl Platform for Headless {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer);
        WINDOWS.with_borrow_mut(|windows| windows.push(Rc::clone(&window)));
        Ok(window)
    }

    fn duration_since_start(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The touch screen as a PNG file's bytes.
pub fn touch(view: &TouchView, width: u32, height: u32) -> Result<Vec<u8>, Error> {
    let (window, surface) = open(TouchWindow::new)?;
    touch_screen::show(&window, view);
    picture(&window, &surface, width, height)
}

/// The corner for staff over the touch screen as a PNG file's bytes.
pub fn corner(
    home: &TouchView,
    view: &CornerView,
    width: u32,
    height: u32,
) -> Result<Vec<u8>, Error> {
    let (window, surface) = open(TouchWindow::new)?;
    touch_screen::show(&window, home);
    touch_screen::show_corner(&window, view);
    picture(&window, &surface, width, height)
}

/// The lobby screen as a PNG file's bytes.
pub fn lobby(view: &LobbyView, width: u32, height: u32) -> Result<Vec<u8>, Error> {
    let (window, surface) = open(LobbyWindow::new)?;
    lobby_screen::show(&window, view);
    picture(&window, &surface, width, height)
}

/// A window without a display, and what it draws on.
fn open<W>(
    new: impl FnOnce() -> Result<W, PlatformError>,
) -> Result<(W, Rc<MinimalSoftwareWindow>), Error> {
    // Refused when this thread has its platform already, which then is this one.
    let _ = set_platform(Box::new(Headless(Instant::now())));
    WINDOWS.with_borrow_mut(Vec::clear);
    let window = new()?;
    let surface = WINDOWS.with_borrow_mut(Vec::pop).ok_or_else(|| {
        PlatformError::Other("this thread already shows windows elsewhere".to_owned())
    })?;
    Ok((window, surface))
}

fn picture(
    window: &impl ComponentHandle,
    surface: &MinimalSoftwareWindow,
    width: u32,
    height: u32,
) -> Result<Vec<u8>, Error> {
    surface.set_size(PhysicalSize::new(width, height));
    window.show()?;
    update_timers_and_animations();
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(width, height);
    surface.request_redraw();
    surface.draw_if_needed(|renderer| {
        renderer.render(pixels.make_mut_slice(), width as usize);
    });
    window.hide()?;
    encode(&pixels)
}

fn encode(pixels: &SharedPixelBuffer<Rgb8Pixel>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels.as_bytes())?;
    writer.finish()?;
    Ok(bytes)
}
