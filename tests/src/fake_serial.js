// A serial scanner for a browser that has none: put in before the page's own scripts.
//
// Behaves as Web Serial does, as far as a page can tell: a port must be chosen once, is known at the
// next load, belongs to one program at a time, and is pulled out and plugged in. Other tabs of the
// same address speak to it through the channel `scanner`.
(function () {
  'use strict';
  const CHOSEN = 'fake-serial-chosen';
  const BUSY = 'fake-serial-busy';
  let plugged = true;
  let controller = null;

  const port = new EventTarget();
  Object.assign(port, { readable: null, bauds: [] });
  port.getInfo = () => ({ usbVendorId: 0x0c2e, usbProductId: 0x0aab });
  port.open = async ({ baudRate }) => {
    if (port.readable) { throw new DOMException('already open', 'InvalidStateError'); }
    if (!plugged || localStorage.getItem(BUSY)) { throw new DOMException('Failed to open serial port.', 'NetworkError'); }
    port.bauds.push(baudRate);
    stream();
  };
  port.close = async () => {
    if (port.readable && port.readable.locked) { throw new TypeError('locked'); }
    port.readable = null;
  };

  function stream() { port.readable = new ReadableStream({ start(given) { controller = given; } }); }

  const serial = new EventTarget();
  serial.getPorts = async () => (plugged && localStorage.getItem(CHOSEN) ? [port] : []);
  serial.requestPort = async () => {
    if (!navigator.userActivation.isActive) { throw new DOMException('no gesture', 'SecurityError'); }
    localStorage.setItem(CHOSEN, 'yes');
    return port;
  };
  Object.defineProperty(Navigator.prototype, 'serial', { get: () => serial });

  function tell(name) {
    const event = new Event(name);
    Object.defineProperty(event, 'target', { value: port });
    serial.dispatchEvent(event);
  }

  const bytes = (text) => new TextEncoder().encode(text);
  window.scanner = {
    port,
    send(text) { controller.enqueue(bytes(text)); },
    raw(list) { controller.enqueue(new Uint8Array(list)); },
    // A broken byte ends the stream; the port has another one at once.
    noise() { const old = controller; stream(); old.error(new DOMException('framing', 'FramingError')); },
    busy(now) { if (now) { localStorage.setItem(BUSY, 'yes'); } else { localStorage.removeItem(BUSY); } },
    unplug() {
      plugged = false;
      port.readable = null;
      if (controller) { controller.error(new DOMException('The device has been lost.', 'NetworkError')); }
      tell('disconnect');
    },
    plug() { plugged = true; tell('connect'); },
  };
  new BroadcastChannel('scanner').onmessage = (message) => window.scanner.send(message.data);
}());
