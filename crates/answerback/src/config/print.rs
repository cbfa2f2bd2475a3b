//! The configuration in force, as a file that could be read again.

use super::Loaded;
use super::setting::settings;

/// Every option as TOML, each under a comment that says where its value comes from.
pub(crate) fn as_toml(loaded: &Loaded) -> String {
    let mut out = String::new();
    let mut table = String::new();
    for setting in settings() {
        let (of, name) = setting.key.rsplit_once('.').unwrap_or(("", &setting.key));
        if of != table {
            out.push_str(&format!("\n[{of}]\n"));
            of.clone_into(&mut table);
        }
        let source = loaded.source(&setting.key);
        match (setting.show)(&loaded.config) {
            Some(value) => out.push_str(&format!("{name} = {value}  # {source}\n")),
            None => out.push_str(&format!("# {name} is not set\n")),
        }
    }
    out
}

/// The same as one JSON object: key to value and source.
pub(crate) fn as_json(loaded: &Loaded) -> serde_json::Value {
    let options = settings().into_iter().map(|setting| {
        let value = (setting.show)(&loaded.config);
        let source = loaded.source(&setting.key).to_string();
        (setting.key, serde_json::json!({ "value": value, "source": source }))
    });
    serde_json::Value::Object(options.collect())
}
