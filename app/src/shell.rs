//! The whole HTML document around the page.

use std::borrow::Cow;

use domain::link::Panel;
use domain::page::{Detail, Lang, Page};

use crate::frame;
use crate::live::State;
use crate::look::Look;
use crate::markup::{Element, Markup, Text, el, of};
use crate::outward::{Outward, outward};
use crate::parts;
use crate::words::{PlainWords, Words, plain_words, words};

/// Starts the client, whose files are already on their way, once the page has been painted: the processor of a cheap phone is busy
/// with the picture that people wait for. A page in the background is not painted at all, and no browser makes it wait for long.
const WAKE: &str = include_str!("wake.js");

/// Where the panel stands beside the map instead of over it, as the sheets have it.
const BESIDE: &str = "(min-width: 60rem), (min-width: 40rem) and (max-height: 30rem)";

/// Where the site's files are in this build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    pub css: String,
    /// What is at `css`, for the page, which carries it: one way there and back less before anything is painted. Nothing in it ends the
    /// element that it will stand in.
    pub style: String,
    pub client_js: String,
    pub client_wasm: String,
    /// The bridge to the map.
    pub map_js: String,
    /// The look of the base map, loaded with the map where there is one.
    pub basemap_js: String,
    /// What draws areas on the map, loaded when somebody does.
    pub areas_js: String,
    pub panic_js: String,
    /// The panel of a phone as a sheet under the finger.
    pub sheet_js: String,
    /// What only the page of the design has.
    pub guide_css: String,
    pub guide_js: String,
    /// The buttons of the page to share.
    pub share_js: String,
    pub maplibre_js: String,
    pub maplibre_worker: String,
    pub maplibre_css: String,
}

/// What a document of a page has around the page.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    pub assets: &'a Assets,
    /// Where the base map tells about itself; none where there is none.
    pub basemap: Option<&'a str>,
    /// The one of the response's content security policy.
    pub nonce: &'a str,
    /// Scheme and host under which people reach this.
    pub base: &'a str,
    /// What the page's camera sees of the weave, as SVG, to be looked at until the map is there; its middle is at 0, 0.
    pub weave: &'a str,
    /// What the open knot says, without the signs that mark it up; empty where none is open.
    pub said: &'a str,
}

/// The document of a page. It needs no reactive runtime: the first render is a pure function of the page.
#[must_use]
pub fn render(page: Page, around: &Around<'_>) -> String {
    let Around {
        assets,
        basemap,
        nonce,
        base,
        weave,
        said,
    } = *around;
    let data = in_script(&data(&page));
    let lang = page.lang;
    let state = State::new(page);
    let look = Look::new(&state, None);
    let w = look.words;
    let mut map = el("div")
        .set("id", "map")
        .set("role", "region")
        .set("aria-label", w.map_label)
        .set("data-label", w.map_label)
        .set("data-zoom-in", w.map_zoom_in)
        .set("data-zoom-out", w.map_zoom_out)
        .set("data-mark", w.map_mark)
        .set("data-redrawn", w.map_redrawn)
        .attr("data-bridge", assets.map_js.clone().into())
        .attr("data-areas", assets.areas_js.clone().into())
        .attr("data-script", assets.maplibre_js.clone().into())
        .attr("data-worker", assets.maplibre_worker.clone().into())
        .attr("data-style", assets.maplibre_css.clone().into());
    if let Some(basemap) = basemap {
        map = map
            .attr("data-basemap", basemap.to_owned().into())
            .attr("data-ground", assets.basemap_js.clone().into())
            .set("data-away", w.map_away);
    }
    let Outward { description, tags } = outward(&look, base, said);
    let mut ahead = [
        link("modulepreload", &assets.client_js),
        link("preload", &assets.client_wasm)
            .set("as", "fetch")
            .set("type", "application/wasm")
            .set("crossorigin", "anonymous"),
    ];
    // What somebody has come to read on a phone is painted first, with all that its network carries; the client is asked for after.
    if state.page.panel != Panel::Home {
        ahead = ahead.map(|link| link.set("media", BESIDE));
    }
    let mut more = vec![
        script(assets.panic_js.clone(), nonce).flag("defer", true),
        script(assets.sheet_js.clone(), nonce).flag("defer", true),
    ];
    more.extend(ahead);
    more.extend(tags);
    let title = frame::title(&look);
    let style = Style::Carried {
        text: &assets.style,
        nonce,
    };
    let mut html = start(lang, &title, description, style, &more);
    // Before the map, whose keys would have to be passed by.
    html.push_str(&write(of("a", "skip").set("href", "#panel").say(w.skip)));
    html.push_str(&write(map));
    // Over the map, so that it goes when there is something below it, and not before.
    if !weave.is_empty() {
        html.push_str("<div class=\"first-weave\" aria-hidden=\"true\">");
        html.push_str(weave);
        html.push_str("</div>");
    }
    html.push_str("<div id=\"app\">");
    html.push_str(&frame::page(&look).html());
    html.push_str("</div>");
    html.push_str(&write(broken(w, plain_words(lang))));
    html.push_str("<script type=\"application/json\" id=\"page\">");
    html.push_str(&data);
    html.push_str("</script><script type=\"module\" nonce=\"");
    html.push_str(nonce);
    html.push_str("\">");
    html.push_str(WAKE.trim_end());
    html.push_str("(...");
    html.push_str(&in_script(
        &serde_json::to_string(&[&assets.client_js, &assets.client_wasm]).unwrap_or_default(),
    ));
    html.push_str(")</script></body></html>");
    html
}

/// The page as its client reads it. What the server has drawn stands in the document already.
fn data(page: &Page) -> String {
    let mut page = Cow::Borrowed(page);
    let is_drawn = match &page.detail {
        Detail::Served { .. } => true,
        Detail::Node { prose, .. } => !prose.is_empty(),
        _ => false,
    };
    if is_drawn
        && let Detail::Served { html, .. } | Detail::Node { prose: html, .. } =
            &mut page.to_mut().detail
    {
        html.clear();
    }
    serde_json::to_string(&*page).unwrap_or_default()
}

/// A small document without script.
#[must_use]
pub(crate) fn small(lang: Lang, title: &str, assets: &Assets, content: Vec<Element>) -> String {
    document(lang, title, assets, &[], "panel", content)
}

/// A document without script, with more in its head; `class` is that of the panel that all of it stands in.
#[must_use]
pub(crate) fn document(
    lang: Lang,
    title: &str,
    assets: &Assets,
    more: &[Element],
    class: &'static str,
    content: Vec<Element>,
) -> String {
    let w = words(lang);
    let mut html = start(
        lang,
        title,
        w.description.into(),
        Style::Linked(&assets.css),
        more,
    );
    html.push_str(&write(
        of("div", "plain")
            .child(
                of("header", "header").child(
                    of("a", "wordmark")
                        .set("href", "/")
                        .child(parts::icon("mark"))
                        .child(el("span").say(w.site)),
                ),
            )
            .child(of("main", class).set("id", "panel").all(content)),
    ));
    html.push_str("</body></html>");
    html
}

/// Where a document has its style from.
#[derive(Clone, Copy)]
enum Style<'a> {
    Carried { text: &'a str, nonce: &'a str },
    Linked(&'a str),
}

/// Everything up to and with the body's start tag.
fn start(lang: Lang, title: &str, description: Text, style: Style<'_>, more: &[Element]) -> String {
    let w = words(lang);
    let meta = |name, content| el("meta").set("name", name).set("content", content);
    let theme = |content, media| meta("theme-color", content).set("media", media);
    let head = vec![
        el("meta").set("charset", "utf-8"),
        meta(
            "viewport",
            "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content",
        ),
        el("title").text(title.to_owned().into()),
        el("meta")
            .set("name", "description")
            .attr("content", description),
        meta("color-scheme", "light dark"),
        theme("#efe8da", "(prefers-color-scheme: light)"),
        theme("#1b1916", "(prefers-color-scheme: dark)"),
        el("link")
            .set("rel", "preload")
            .set("href", "/fonts/source-sans-3-latin-wght-normal.woff2")
            .set("as", "font")
            .set("type", "font/woff2")
            .set("crossorigin", "anonymous"),
        el("link")
            .set("rel", "icon")
            .set("type", "image/svg+xml")
            .set("href", "/icon.svg"),
        el("link")
            .set("rel", "manifest")
            .set("href", "/manifest.webmanifest"),
    ];
    // Browsers translate pages by changing their nodes; ours comes in its languages itself.
    let mut html = String::from("<!doctype html><html translate=\"no\" lang=\"");
    html.push_str(w.lang);
    html.push_str("\">");
    html.push_str("<head>");
    for element in head {
        html.push_str(&write(element));
    }
    // Before the sheets of single documents, which come after it.
    match style {
        Style::Linked(css) => html.push_str(&write(link("stylesheet", css))),
        Style::Carried { text, nonce } => {
            html.push_str("<style nonce=\"");
            html.push_str(nonce);
            html.push_str("\">");
            html.push_str(text);
            html.push_str("</style>");
        }
    }
    for element in more {
        html.push_str(&write(element.clone()));
    }
    html.push_str("</head><body>");
    html
}

/// Shown when the client's script has stopped.
fn broken(w: &'static Words, plain: &'static PlainWords) -> Element {
    of("div", "broken")
        .set("id", "panic")
        .set("role", "alert")
        .flag("hidden", true)
        // For where it could not even begin; `panic.js` puts them into the page.
        .set("data-old", plain.still_old)
        .set("data-missing", plain.still_missing)
        .child(el("strong").say(w.broken_title))
        .child(el("p").say(w.broken_text))
        .child(
            of("button", "button primary")
                .set("type", "button")
                .say(w.broken_button),
        )
}

fn link(rel: &'static str, href: &str) -> Element {
    el("link")
        .set("rel", rel)
        .attr("href", href.to_owned().into())
}

fn script(src: String, nonce: &str) -> Element {
    el("script")
        .attr("src", src.into())
        .attr("nonce", nonce.to_owned().into())
}

/// JSON that cannot end the script element it stands in.
fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

fn write(element: Element) -> String {
    Markup::from(element).html()
}
