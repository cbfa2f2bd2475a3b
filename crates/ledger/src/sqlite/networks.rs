//! Networks, each kept once and known by a small number: operators are few, messages many.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::{Connection, params};

use super::store;
use crate::error::{LedgerError, Result};
use crate::model::Network;

/// A snapshot of the known networks, by id from 1.
#[derive(Clone, Debug, Default)]
pub(super) struct Networks {
    known: Vec<Network>,
    unknown: Network,
}

impl Networks {
    /// Reads them all.
    pub(super) fn load(conn: &Connection) -> Result<Self> {
        let mut statement =
            conn.prepare_cached("SELECT mcc, mnc, name FROM network ORDER BY id").map_err(store)?;
        let named = |text: String| Some(text).filter(|text| !text.is_empty());
        let rows = statement
            .query_map([], |row| {
                Ok(Network { mcc: named(row.get(0)?), mnc: named(row.get(1)?), name: named(row.get(2)?) })
            })
            .map_err(store)?;
        Ok(Self { known: rows.collect::<rusqlite::Result<_>>().map_err(store)?, unknown: Network::default() })
    }

    /// The network of an id.
    pub(super) fn get(&self, id: Option<i64>) -> Result<&Network> {
        let Some(id) = id else { return Ok(&self.unknown) };
        let index = usize::try_from(id - 1).ok();
        index
            .and_then(|index| self.known.get(index))
            .ok_or_else(|| LedgerError::Corrupt("a row names a network that does not exist".to_owned()))
    }
}

/// The networks as readers see them, replaced by the writer before rows name a new one.
#[derive(Debug, Default)]
pub(super) struct SharedNetworks(RwLock<Arc<Networks>>);

impl SharedNetworks {
    pub(super) fn new(networks: Networks) -> Self {
        Self(RwLock::new(Arc::new(networks)))
    }

    pub(super) fn get(&self) -> Arc<Networks> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds the next one. Readers keep the list they have; it is copied only while one does.
    fn push(&self, network: Network) {
        let mut networks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut networks).known.push(network);
    }

    fn truncate(&self, count: usize) {
        let mut networks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut networks).known.truncate(count);
    }
}

/// The writer's index of networks.
#[derive(Debug)]
pub(super) struct NetworkIds {
    ids: HashMap<Network, i64>,
    shared: Arc<SharedNetworks>,
}

impl NetworkIds {
    /// Reads them all; `shared` is told of those to come.
    pub(super) fn load(conn: &Connection, shared: Arc<SharedNetworks>) -> Result<Self> {
        let networks = Networks::load(conn)?;
        Ok(Self { ids: networks.known.into_iter().zip(1..).collect(), shared })
    }

    /// The list as readers see it.
    pub(super) fn list(&self) -> Arc<Networks> {
        self.shared.get()
    }

    /// How many there are, to go back there.
    pub(super) fn count(&self) -> usize {
        self.ids.len()
    }

    /// Forgets those given since there were `count`: their rows were rolled back, and ids stay dense.
    pub(super) fn rewind(&mut self, count: usize) {
        if self.ids.len() > count {
            self.ids.retain(|_, id| *id <= count as i64);
            self.shared.truncate(count);
        }
    }

    /// The id of a network, given now if it is new.
    pub(super) fn id(&mut self, conn: &Connection, network: &Network) -> Result<Option<i64>> {
        if network.is_unknown() {
            return Ok(None);
        }
        if let Some(id) = self.ids.get(network) {
            return Ok(Some(*id));
        }
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let id = self.ids.len() as i64 + 1;
        conn.prepare_cached("INSERT INTO network (id, mcc, mnc, name) VALUES (?1, ?2, ?3, ?4)")
            .map_err(store)?
            .execute(params![id, part(&network.mcc), part(&network.mnc), part(&network.name)])
            .map_err(store)?;
        self.ids.insert(network.clone(), id);
        self.shared.push(network.clone());
        Ok(Some(id))
    }
}
