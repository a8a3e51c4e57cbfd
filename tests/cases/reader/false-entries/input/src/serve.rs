//! Serves. `.route("/of-a-comment", get(x))`
pub fn app() -> Router {
    Router::new().route("/status", get(status))
}

#[cfg(test)]
mod tests {
    #[test]
    fn serves() {
        let app = Router::new().route("/of-a-test", get(status));
    }
}
