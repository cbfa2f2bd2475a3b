//! Customers' servers, as webhooks call them: every call is kept and answered as told.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use service::Service;
use service::webhooks::{Call, Courier, CourierError, Reply, Webhooks};

/// Takes every call.
pub struct FarEnd {
    calls: Mutex<Vec<Call>>,
    status: Mutex<u16>,
    webhooks: Mutex<Option<Webhooks>>,
}

impl FarEnd {
    /// One that answers 200 to what this service tells.
    pub fn of(service: &Service) -> Arc<Self> {
        let far =
            Arc::new(Self { calls: Mutex::default(), status: Mutex::new(200), webhooks: Mutex::default() });
        let webhooks = Webhooks::new(service.clone(), dialects::shapes(), far.clone());
        *far.webhooks.lock().unwrap_or_else(PoisonError::into_inner) = Some(webhooks);
        far
    }

    /// Answers with this status from now on.
    pub fn answers(&self, status: u16) {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = status;
    }

    /// Lets everything be told that is to be told now; returns the calls.
    pub async fn told(&self) -> Vec<Call> {
        let webhooks = self.webhooks.lock().unwrap_or_else(PoisonError::into_inner).clone();
        webhooks.expect("made with it").settle().await.expect("settled");
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.drain(..).collect()
    }

    /// The same, each as content type and body.
    pub async fn bodies(&self) -> Vec<(String, String)> {
        let calls = self.told().await.into_iter();
        calls.map(|call| (call.content_type, String::from_utf8(call.body).expect("text"))).collect()
    }
}

#[async_trait]
impl Courier for FarEnd {
    async fn deliver(&self, call: Call) -> Result<Reply, CourierError> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        let status = *self.status.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Reply { status, body: Vec::new() })
    }
}
