use std::sync::Mutex;

use super::*;
use crate::admin::client::ask;
use crate::admin::socket;
use crate::config::Config;
use crate::directory::Directory;
use crate::failure::Kind;
use crate::ways::{Fleet, Specs, StandIn};

/// A server over a new ledger, and the directory it is in.
struct Fixture {
    directory: tempfile::TempDir,
    stop: watch::Sender<bool>,
    server: tokio::task::JoinHandle<()>,
}

impl Fixture {
    fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let ours = Directory::take(directory.path(), true, "test").expect("ours");
        let (service, store) = ours.open(&Config::default(), 0).expect("opened");
        let listener = socket::listen(directory.path()).expect("listening");
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(async move {
            let fleet =
                Fleet::open(service.clone(), None, ours.path(), Specs::new(), StandIn::None).expect("none");
            serve(listener, Desk { service, fleet }, stopped).await;
            store.close().expect("closed");
            drop(ours);
        });
        Self { directory, stop, server }
    }

    async fn connect(&self) -> UnixStream {
        socket::connect(self.directory.path()).await.expect("asked").expect("a server")
    }

    async fn ask(&self, request: Request, input: &str) -> (Result<Reply, Failure>, Vec<u8>, Vec<Progress>) {
        let mut data = Vec::new();
        let told = Arc::new(Mutex::new(Vec::new()));
        let list = Arc::clone(&told);
        let progress = Arc::new(move |progress| list.lock().expect("sound").push(progress));
        let outlet = Outlet { data: &mut data, progress };
        let answer = ask(self.connect().await, request, &mut input.as_bytes(), outlet).await;
        let told = told.lock().expect("sound").clone();
        (answer, data, told)
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        self.server.await.expect("ended well");
    }
}

fn create(name: &str) -> Request {
    Request::AccountCreate {
        name: name.to_owned(),
        username: None,
        currency: "EUR".to_owned(),
        prepaid: false,
    }
}

fn import() -> Request {
    Request::Import { account: "a".to_owned(), lenient: false }
}

fn record(id: usize) -> String {
    format!(
        "{{\"id\":\"r-{id}\",\"direction\":\"mt\",\"recipient\":\"46701740605\",\"body\":\"Hello {id}\",\
         \"created\":\"2026-01-01T00:00:00Z\"}}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_go_there_and_back() {
    let fixture = Fixture::start();
    let (made, ..) = fixture.ask(create("a"), "").await;
    let Ok(Reply::AccountCreated(made)) = made else { panic!("{made:?}") };
    assert_eq!((made.account.as_str(), made.id), ("a", 1));
    let (again, ..) = fixture.ask(create("a"), "").await;
    let said = again.expect_err("taken");
    assert!(said.kind == Kind::Failed && said.message.contains("already taken"), "{said}");

    let records: String = (0..1000).map(record).collect();
    let (imported, _, told) = fixture.ask(import(), &records).await;
    let Ok(Reply::Imported(imported)) = imported else { panic!("{imported:?}") };
    assert_eq!((imported.lines, imported.added), (1000, 1000));
    assert!(!told.is_empty(), "progress was told");

    let export = Request::Export {
        account: "1".to_owned(),
        format: crate::cli::transfer::Format::Ndjson,
        filter: crate::cli::transfer::Filter::default(),
    };
    let (exported, data, _) = fixture.ask(export, "").await;
    let Ok(Reply::Exported(exported)) = exported else { panic!("{exported:?}") };
    assert_eq!((exported.rows, exported.bytes), (1000, data.len() as u64));
    assert_eq!(data.iter().filter(|octet| **octet == b'\n').count(), 1000);

    let (checked, ..) = fixture.ask(Request::Check, "").await;
    let Ok(Reply::Checked(checked)) = checked else { panic!("{checked:?}") };
    assert!(checked.sound && checked.messages == 1000, "{checked:?}");
    fixture.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_line_is_told_while_more_are_sent() {
    let fixture = Fixture::start();
    fixture.ask(create("a"), "").await.0.expect("made");
    let mut records: String = (0..10).map(record).collect();
    records.push_str("{\"id\":7}\n");
    // More than the socket holds, so that the client is still sending when the answer comes.
    records.extend((0..100_000).map(record));
    let (answer, ..) = fixture.ask(import(), &records).await;
    let said = answer.expect_err("refused").message;
    assert!(said.starts_with("line 11: ") && said.contains("10 messages up to line 10"), "{said}");
    fixture.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_command_is_answered() {
    use tokio::io::AsyncWriteExt;
    let fixture = Fixture::start();
    for (line, expected) in [
        ("hello\n", "cannot be read"),
        ("{\"protocol\":1,\"command\":\"dance\"}\n", "unknown variant `dance`"),
        ("{\"protocol\":99,\"command\":\"later\"}\n", "another version"),
        ("{\"protocol\":1}\n", "cannot be read"),
    ] {
        let mut stream = fixture.connect().await;
        stream.write_all(line.as_bytes()).await.expect("sent");
        let frame = crate::admin::frame::read(&mut stream).await.expect("answered");
        let crate::admin::frame::Frame::End(Err(failure)) = frame else { panic!("{frame:?}") };
        assert!(failure.message.contains(expected), "{line}: {failure}");
    }
    fixture.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_is_noticed() {
    let directory = tempfile::tempdir().expect("a directory");
    let listener = socket::listen(directory.path()).expect("listening");
    let client = async {
        let stream = socket::connect(directory.path()).await.expect("asked").expect("a server");
        let mut nothing = tokio::io::empty();
        let mut nowhere = tokio::io::sink();
        let outlet = Outlet { data: &mut nowhere, progress: Arc::new(|_| {}) };
        ask(stream, Request::AccountList, &mut nothing, outlet).await
    };
    let (answer, accepted) = tokio::join!(client, async { listener.accept().await.map(drop) });
    accepted.expect("accepted");
    assert_eq!(answer.expect_err("no answer").kind, Kind::Unreachable);
}
