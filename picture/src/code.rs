//! An address as a QR code.

use core::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of white around it, as readers expect.
const QUIET: i32 = 4;
/// Letters of a line of the address below it, and how high a line is, in modules.
const LETTERS: usize = 34;
const LINE: i32 = 2;

/// A code to be drawn, dark on white.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// How many modules wide and high it is, with the white around it.
    pub side: i32,
    /// Its dark modules, as the path of a stroke of one module's width.
    pub dark: String,
}

/// The code of an address; none where the address is too long for one.
#[must_use]
pub fn code(address: &str) -> Option<Code> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    Some(Code {
        side: code.size() + 2 * QUIET,
        dark: dark(&code),
    })
}

/// The code as a picture of its own with the address in letters below it, for paper.
#[must_use]
pub fn leaf(address: &str) -> Option<String> {
    let Code { side, dark } = code(address)?;
    let letters: Vec<char> = address.chars().collect();
    let lines = letters.chunks(LETTERS).map(String::from_iter);
    let lines: Vec<String> = lines.collect();
    let high = side + LINE * i32::try_from(lines.len()).ok()?;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {side} {high}\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{high}H0z\"/>\
         <path stroke=\"#000\" shape-rendering=\"crispEdges\" d=\"{dark}\"/>\
         <g font-family=\"monospace\" font-size=\"1.75\" text-anchor=\"middle\">",
        side * 4,
        high * 4
    );
    for (y, line) in (side - 1..).step_by(LINE as usize).zip(&lines) {
        let (middle, line) = (f64::from(side) / 2.0, escaped(line));
        _ = write!(svg, "<text x=\"{middle}\" y=\"{y}\">{line}</text>");
    }
    svg.push_str("</g></svg>");
    Some(svg)
}

/// Each run of dark modules along the middle of its row.
fn dark(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let dark = (x..code.size()).take_while(|x| code.get_module(*x, y));
            let run = dark.count() as i32;
            if run > 0 {
                _ = write!(path, "M{} {}.5h{run}", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    path
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(c),
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_square_and_too_long_a_one_none() {
        let address = "https://weben.example.org/knoten/0199aaaa-0000-7000-8000-000000000001?@48.41000,15.61000,15.50";
        let code = code(address).expect("it fits");
        assert_eq!(code.side, 49);
        assert!(code.dark.len() < 8 * 1024, "{}", code.dark.len());
        let leaf = leaf(address).expect("it fits");
        assert_eq!(leaf.matches("<text").count(), 3);
        assert!(super::code(&"w".repeat(3000)).is_none());
        let odd = super::leaf("http://<\"&>/").expect("it fits");
        assert!(odd.contains("http://&lt;&quot;&amp;&gt;/"), "{odd}");
    }

    #[test]
    fn its_dark_modules_are_those_of_the_code() {
        let code = QrCode::encode_text("https://weben.example.org/", QrCodeEcc::Medium);
        let code = code.expect("it fits");
        let drawn: i32 = dark(&code)
            .split('M')
            .filter_map(|run| run.split_once('h')?.1.parse::<i32>().ok())
            .sum();
        let modules = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let expected = modules.filter(|(x, y)| code.get_module(*x, *y)).count();
        assert_eq!(drawn, expected as i32);
    }
}
