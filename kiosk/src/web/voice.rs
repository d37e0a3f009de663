//! Calls on the office's voice: which clips there are, one recorded, heard, taken away; a try-out; a
//! pack taken along or taken in.

use std::num::NonZeroU32;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use axum::{Router, routing::post};
use queue::Number;
use serde::{Deserialize, Serialize};
use tracing::{info, warn};
use utoipa::ToSchema;
use voice::join::{Announcement, chime_of, join};
use voice::{Call, Clip, Language};

use super::App;
use super::auth::{Admin, KeyOf};
use super::problem::{Json, Path, Problem, ProblemBody, Query};
use super::staff;
use super::tickets::Nothing;
use crate::advice;
use crate::engine::Failure;
use crate::packs::{self, Origin, Packs};

/// A clip of eight seconds with all the silence that somebody leaves around it, as a browser records.
const CLIP_BYTES_MAX: usize = 4 << 20;
/// Longest name of who speaks.
const NAME_CHARS_MAX: usize = 80;

/// A clip of the voice.
#[derive(Serialize, ToSchema)]
#[schema(as = VoiceClipView)]
pub(crate) struct ClipView {
    /// Names it in paths.
    name: &'static str,
    /// What is said in it; empty for the chime.
    words: String,
    /// own, made or built-in; null: it is missing.
    origin: Option<&'static str>,
    /// Whether calls of this office can need it.
    needed: bool,
}

/// The voice in one language.
#[derive(Serialize, ToSchema)]
#[schema(as = VoiceLanguageView)]
pub(crate) struct LanguageView {
    /// vi or en.
    language: &'static str,
    /// Whether calls are said in it.
    spoken: bool,
    /// Who speaks the office's own clips; empty if nobody said.
    speaker: String,
    /// Every clip there is.
    clips: Vec<ClipView>,
}

/// The office's voice.
#[derive(Serialize, ToSchema)]
pub(crate) struct VoiceView {
    /// Whether calls are announced.
    enabled: bool,
    /// The languages that have a voice.
    languages: Vec<LanguageView>,
}

/// What is done to a clip or a pack.
#[derive(Serialize, ToSchema)]
#[schema(as = VoiceTakenView)]
pub(crate) struct TakenView {
    /// vi or en.
    language: &'static str,
    /// Who speaks; empty if nobody said.
    speaker: String,
    /// How many clips were taken in.
    clips: usize,
}

fn language_of(code: &str) -> Result<Language, Problem> {
    Language::of(code).ok_or_else(|| Problem::http(StatusCode::NOT_FOUND))
}

fn clip_of((language, name): &(String, String)) -> Result<Clip, Problem> {
    let found = Clip::find(language_of(language)?, name);
    found.ok_or_else(|| Problem::http(StatusCode::NOT_FOUND))
}

/// Does what takes long beside the requests.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Problem::http(StatusCode::INTERNAL_SERVER_ERROR))
}

fn packs_of(app: &App) -> Packs {
    Packs::of(&app.data)
}

async fn view(app: &App) -> Result<VoiceView, Problem> {
    let read = app.engine.read(|view| {
        let office = view.state.office();
        let services = office.map_or(&[][..], |office| &office.services);
        services.iter().map(|s| s.letter).collect::<Vec<char>>()
    });
    let letters = read.await?;
    let (packs, settings) = (packs_of(app), app.announcer.settings());
    aside(move || {
        let needed = packs::needed(&settings, &letters);
        let clip = |clip: Clip| ClipView {
            name: clip.name,
            words: clip.words(&settings.letters),
            origin: packs.origin(clip).map(Origin::word),
            needed: needed.contains(&clip),
        };
        let languages = Language::ALL.map(|language| LanguageView {
            language: language.code(),
            spoken: settings.languages.contains(&language),
            speaker: packs.name(language),
            clips: packs::clips_of(language).map(clip).collect(),
        });
        VoiceView {
            enabled: settings.enabled,
            languages: languages.into(),
        }
    })
    .await
}

/// Which clips there are, and whose.
#[utoipa::path(get, path = "/api/v1/voice", tag = "voice", operation_id = "voice",
    responses((status = 200, body = VoiceView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn all(
    State(app): State<App>,
    _: Admin,
) -> Result<axum::Json<VoiceView>, Problem> {
    Ok(axum::Json(view(&app).await?))
}

fn sound(samples: &[i16]) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "audio/wav"),
        // The next recording has the same address.
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, voice::wav::write(samples)).into_response()
}

/// A clip as it is heard.
#[utoipa::path(get, path = "/api/v1/voice/{language}/{clip}", tag = "voice", operation_id = "voice_clip",
    params(("language" = String, Path), ("clip" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "audio/wav"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn clip(
    State(app): State<App>,
    _: Admin,
    Path(path): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (packs, clip) = (packs_of(&app), clip_of(&path)?);
    let samples = aside(move || packs.samples(clip)).await?;
    let samples = samples.map_err(|_| Problem::of(advice::no_such_clip()))?;
    Ok(sound(&samples))
}

fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    body.map_err(|rejected| match rejected.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::of(advice::recording_too_long()),
        status => Problem::http(status),
    })
}

/// Makes a recording the office's own clip: trimmed, and as loud as the others.
#[utoipa::path(post, path = "/api/v1/voice/{language}/{clip}", tag = "voice", operation_id = "record_voice_clip",
    params(("language" = String, Path), ("clip" = String, Path), ("Idempotency-Key" = String, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "a WAV file, 16-bit PCM"),
    responses((status = 200, body = VoiceView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn record(
    State(app): State<App>,
    _: Admin,
    Path(path): Path<(String, String)>,
    _: KeyOf,
    body: Result<Bytes, BytesRejection>,
) -> Result<axum::Json<VoiceView>, Problem> {
    let (packs, clip, body) = (packs_of(&app), clip_of(&path)?, whole(body)?);
    let recorded = aside(move || packs.record(clip, &body)).await?;
    recorded.map_err(|error| Problem::of(advice::bad_recording(&error)))?;
    info!(%clip, "A clip was recorded");
    Ok(axum::Json(view(&app).await?))
}

/// Takes the office's own clip away; the one that a speech program made is heard again.
#[utoipa::path(post, path = "/api/v1/voice/{language}/{clip}/remove", tag = "voice", operation_id = "remove_voice_clip",
    params(("language" = String, Path), ("clip" = String, Path), ("Idempotency-Key" = String, Header)),
    request_body = Nothing,
    responses((status = 200, body = VoiceView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn remove(
    State(app): State<App>,
    _: Admin,
    Path(path): Path<(String, String)>,
    _: KeyOf,
    Json(_): Json<Nothing>,
) -> Result<axum::Json<VoiceView>, Problem> {
    let (packs, clip) = (packs_of(&app), clip_of(&path)?);
    let removed = aside(move || packs.remove(clip)).await?;
    removed.map_err(unwritable)?;
    info!(%clip, "A recorded clip was taken away");
    Ok(axum::Json(view(&app).await?))
}

fn unwritable(cause: std::io::Error) -> Problem {
    warn!(%cause, "clips cannot be written");
    Problem::from(Failure::JournalFull)
}

/// A call to try the voice with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TryOut {
    number: Number,
    counter: NonZeroU32,
    #[serde(default)]
    priority: bool,
}

/// A call as it would be heard now.
#[utoipa::path(get, path = "/api/v1/voice/call", tag = "voice", operation_id = "try_voice",
    params(("number" = String, Query), ("counter" = u32, Query, minimum = 1),
        ("priority" = Option<bool>, Query)),
    responses((status = 200, body = Vec<u8>, content_type = "audio/wav"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn try_out(
    State(app): State<App>,
    _: Admin,
    Query(asked): Query<TryOut>,
) -> Result<Response, Problem> {
    let (packs, settings) = (packs_of(&app), app.announcer.settings());
    let call = Call {
        letter: asked.number.letter,
        n: asked.number.n,
        counter: asked.counter.get(),
        priority: asked.priority,
    };
    let reading = settings.reading();
    let languages = settings.languages.iter();
    let announcement = Announcement {
        chime: chime_of(
            settings
                .languages
                .first()
                .copied()
                .unwrap_or(Language::Vietnamese),
        ),
        sentences: languages.map(|l| call.sentence(*l, reading)).collect(),
        repeat: 1,
        volume: settings.volume,
    };
    let joined = aside(move || join(&announcement, |clip| packs.samples(clip))).await?;
    let samples = joined.map_err(|_| Problem::of(advice::no_such_clip()))?;
    Ok(sound(&samples))
}

/// One set is enough work for a small machine.
static MAKING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Makes the first set with the machine's speech program.
#[utoipa::path(post, path = "/api/v1/voice/make", tag = "voice", operation_id = "make_voice",
    params(("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 200, body = VoiceView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn make(
    State(app): State<App>,
    _: Admin,
    _: KeyOf,
    Json(_): Json<Nothing>,
) -> Result<axum::Json<VoiceView>, Problem> {
    let (packs, settings) = (packs_of(&app), app.announcer.settings());
    let _one = MAKING.lock().await;
    let made = aside(move || {
        let languages = settings.languages.iter();
        languages
            .map(|language| packs::make(&packs, *language, &settings.letters))
            .sum::<Result<usize, _>>()
    });
    let clips = made.await?.map_err(|error| {
        warn!(%error, "the first set of clips was not made");
        Problem::of(advice::voice_not_made(&error))
    })?;
    info!(clips, "The first set of clips was made");
    Ok(axum::Json(view(&app).await?))
}

/// Who speaks.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = VoiceSpeakerBody)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpeakerBody {
    /// What is beyond 80 characters is cut off; empty: nobody is named.
    speaker: String,
}

/// Notes who speaks the office's own clips; it stands in the pack.
#[utoipa::path(post, path = "/api/v1/voice/{language}/speaker", tag = "voice", operation_id = "name_voice",
    params(("language" = String, Path), ("Idempotency-Key" = String, Header)), request_body = SpeakerBody,
    responses((status = 200, body = VoiceView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn speaker(
    State(app): State<App>,
    _: Admin,
    Path(language): Path<String>,
    _: KeyOf,
    Json(body): Json<SpeakerBody>,
) -> Result<axum::Json<VoiceView>, Problem> {
    let (packs, language) = (packs_of(&app), language_of(&language)?);
    let name: String = body.speaker.trim().chars().take(NAME_CHARS_MAX).collect();
    let noted = aside(move || packs.rename(language, &name)).await?;
    noted.map_err(unwritable)?;
    Ok(axum::Json(view(&app).await?))
}

/// The office's own clips of a language as one file, to be shared.
#[utoipa::path(get, path = "/api/v1/voice/{language}/pack", tag = "voice", operation_id = "voice_pack",
    params(("language" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn pack(
    State(app): State<App>,
    _: Admin,
    Path(language): Path<String>,
) -> Result<Response, Problem> {
    let (packs, language) = (packs_of(&app), language_of(&language)?);
    let settings = app.announcer.settings();
    let packed = aside(move || {
        let name = packs.name(language);
        packs::pack(&packs, language, &name, &settings.letters)
    });
    let bytes = packed.await?;
    let bytes = bytes.map_err(|error| Problem::of(advice::bad_pack(&error)))?;
    let name = format!("attachment; filename=\"giong-doc-{}.zip\"", language.code());
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// Takes in a pack: each of its clips replaces the office's own of that name.
#[utoipa::path(post, path = "/api/v1/voice/pack", tag = "voice", operation_id = "take_voice_pack",
    params(("Idempotency-Key" = String, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "a ZIP file"),
    responses((status = 200, body = TakenView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn take_in(
    State(app): State<App>,
    _: Admin,
    _: KeyOf,
    body: Result<Bytes, BytesRejection>,
) -> Result<axum::Json<TakenView>, Problem> {
    let (packs, body) = (packs_of(&app), whole(body)?);
    let taken = aside(move || packs::unpack(&packs, &body)).await?;
    let taken = taken.map_err(|error| Problem::of(advice::bad_pack(&error)))?;
    info!(clips = taken.clips, "A voice pack was taken in");
    Ok(axum::Json(TakenView {
        language: taken.language.code(),
        speaker: taken.name,
        clips: taken.clips,
    }))
}

/// With room for a sound.
fn roomy(route: MethodRouter<App>, bytes: usize) -> MethodRouter<App> {
    route.layer(DefaultBodyLimit::max(bytes))
}

/// The calls.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/voice", get(all))
        .route("/api/v1/voice/call", get(try_out))
        .route("/api/v1/voice/make", post(make))
        .route(
            "/api/v1/voice/pack",
            roomy(post(take_in), packs::BYTES_MAX + 1),
        )
        .route("/api/v1/voice/{language}/pack", get(pack))
        .route("/api/v1/voice/{language}/speaker", post(speaker))
        .route(
            "/api/v1/voice/{language}/{clip}",
            roomy(get(clip).post(record), CLIP_BYTES_MAX),
        )
        .route("/api/v1/voice/{language}/{clip}/remove", post(remove))
}

async fn page(State(app): State<App>, headers: HeaderMap) -> Response {
    let html = include_str!("pages/voice.html");
    staff::show(&app, &headers, "/admin/voice", html)
}

/// The page.
pub(super) fn pages() -> Router<App> {
    Router::new().route("/admin/voice", get(page))
}
