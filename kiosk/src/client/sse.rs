//! Server-sent events, from bytes to events.
//!
//! Pure, and indifferent to where the network cuts: a line, or a letter of several bytes,
//! may come in any number of pieces. Lines end with LF, CR LF or CR.

/// More than this without an end is no event of ours; the public state is a few kilobytes.
const EVENT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// One thing the stream said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Said {
    /// An event, with the id that holds after it.
    Event {
        /// Its name; `message` where the stream gave none.
        name: String,
        /// Its data lines, joined.
        data: String,
        /// What to ask to go on from.
        id: String,
    },
    /// A comment: the other side lives.
    #[default]
    Comment,
}

/// Puts the pieces together.
#[derive(Debug, Default)]
pub struct Parser {
    line: Vec<u8>,
    /// The last byte ended a line as CR: an LF now belongs to it.
    after_cr: bool,
    name: String,
    data: Option<String>,
    id: String,
}

impl Parser {
    /// Takes the next bytes; `None` when this is no event stream any more.
    pub fn push(&mut self, bytes: &[u8]) -> Option<Vec<Said>> {
        let mut said = Vec::new();
        for &byte in bytes {
            let follows_cr = std::mem::replace(&mut self.after_cr, byte == b'\r');
            match byte {
                b'\n' if follows_cr => {}
                b'\n' | b'\r' => {
                    let line = std::mem::take(&mut self.line);
                    said.extend(self.line(&String::from_utf8_lossy(&line)));
                }
                byte => self.line.push(byte),
            }
        }
        let held = self.line.len() + self.data.as_ref().map_or(0, String::len);
        (held <= EVENT_BYTES_MAX).then_some(said)
    }

    fn line(&mut self, line: &str) -> Option<Said> {
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            // A blank line without data ends nothing.
            let data = self.data.take()?;
            return Some(Said::Event {
                name: if name.is_empty() {
                    "message".to_owned()
                } else {
                    name
                },
                data,
                id: self.id.clone(),
            });
        }
        if line.starts_with(':') {
            return Some(Said::Comment);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "id" => value.clone_into(&mut self.id),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            _ => {}
        }
        None
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn event(name: &str, data: &str, id: &str) -> Said {
        Said::Event {
            name: name.to_owned(),
            data: data.to_owned(),
            id: id.to_owned(),
        }
    }

    #[test]
    fn the_network_may_cut_anywhere() {
        let stream = "event: snapshot\nid: E:1\ndata: {\"quầy\":\ndata: 3}\n\n: nhịp\n\ndata:x\n\n";
        let whole = [
            event("snapshot", "{\"quầy\":\n3}", "E:1"),
            Said::Comment,
            event("message", "x", "E:1"),
        ];
        for ending in ["\n", "\r\n", "\r"] {
            let bytes = stream.replace('\n', ending).into_bytes();
            for piece in 1..=bytes.len() {
                let mut parser = Parser::default();
                let said: Vec<Said> = bytes
                    .chunks(piece)
                    .flat_map(|chunk| parser.push(chunk).unwrap())
                    .collect();
                assert_eq!(said, whole, "{ending:?} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn blank_lines_and_unknown_fields_are_nothing() {
        let mut parser = Parser::default();
        let said = parser
            .push(b"\n\nretry: 10\nwhatever\nevent: lone\n\n")
            .unwrap();
        assert_eq!(said, []);
        // The name of an event without data does not stay for the next one.
        let said = parser.push(b"data: 1\n\n").unwrap();
        assert_eq!(said, [event("message", "1", "")]);
    }

    #[test]
    fn an_endless_line_is_given_up() {
        let mut parser = Parser::default();
        assert_eq!(parser.push(&vec![b'x'; EVENT_BYTES_MAX + 1]), None);
    }
}
