//! Where a request comes from, for counting attempts.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::service::App;

/// Where a request comes from. `None` where that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Visitor(Option<IpAddr>);

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Visitor, Infallible> {
        // A proxy in front adds whom it talks to as the last name; what stands before it, the
        // visitor may have made up.
        let address = if app.service.secure {
            let header = parts.headers.get_all("x-forwarded-for").iter().next_back();
            let last = header.and_then(|value| value.to_str().ok()?.rsplit(',').next());
            last.and_then(|address| address.trim().parse().ok())
        } else {
            let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
            info.map(|ConnectInfo(address)| address.ip())
        };
        Ok(Visitor(address.map(network)))
    }
}

/// Returns the network that an address belongs to, as far as one subscriber has it whole.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let subscriber = u128::from(v6) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(subscriber))
        }
    }
}
