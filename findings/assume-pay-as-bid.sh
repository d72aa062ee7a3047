#!/usr/bin/env bash
# In ASSUME's pay-as-bid market a buyer pays the dearest of its sellers for everything; nobody gets the difference.
#
# Package:  assume-framework 0.6.0 (PyPI), Python 3.11 or newer.
# Expected: what buyers pay is what sellers receive, as with pay_as_clear. Its documentation gives a demand order the
#           price of the supply that meets it: 60 MW at 5 and 40 MW at 40 cost 1900 EUR for an hour, 19 EUR/MWh.
# Seen:     an order has one accepted_price, and each seller in turn overwrites the buyer's: it ends at 40 EUR/MWh,
#           that is 4000 EUR, of which the sellers get 1900. The market's own result says 19 EUR/MWh.
# So:       take buyers' costs and rewards in such a market from the volume-weighted price of its result, not from
#           their accepted_price.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps assume-framework==0.6.0 \
  argcomplete==3.7.2 dill==0.4.1 fsspec==2026.9.0 highspy==1.16.0 mango-agents==2.4.0 nest-asyncio2==1.7.4 \
  networkx==3.6.1 numpy==2.4.6 packaging==26.4 paho-mqtt==2.2.0 pandas==3.1.1 protobuf==7.36.2 psycopg2-binary==2.9.13 \
  pyomo==6.10.1 python-dateutil==2.9.0.post0 PyYAML==6.0.4 pyyaml-include==2.2 six==1.17.0 SQLAlchemy==2.1.9 \
  structlog==26.1.0 tqdm==4.70.1 typing-extensions==4.16.0 tzdata==2026.6 xarray==2026.9.0
cd "$folder" # where it writes its log
venv/bin/python -W ignore - <<'EOF'
import sys
from datetime import datetime, timedelta

from assume.common.market_objects import MarketConfig, MarketProduct
from assume.markets.clearing_algorithms.simple import PayAsBidRole, PayAsClearRole
from dateutil.rrule import HOURLY, rrule

start, hour = datetime(2025, 1, 1), timedelta(hours=1)
offers = {"wind": (60, 5), "coal": (40, 40), "city": (-100, 100)}  # MW and EUR/MWh; demand is negative


def clear(role, mechanism):
    config = MarketConfig(market_id="market", opening_hours=rrule(HOURLY, dtstart=start, until=start + 24 * hour),
                          opening_duration=hour, market_mechanism=mechanism,
                          market_products=[MarketProduct(hour, 1, timedelta(0))])
    orders = [{"start_time": start, "end_time": start + hour, "only_hours": None, "agent_addr": name, "unit_id": name,
               "bid_id": name, "node": "node0", "volume": volume, "price": price}
              for name, (volume, price) in offers.items()]
    accepted, _, meta, _ = role(config).clear(orders, [(start, start + hour, None)])
    money = [order["accepted_volume"] * order["accepted_price"] for order in accepted]
    paid, received = -sum(part for part in money if part < 0), sum(part for part in money if part > 0)
    return float(paid), float(received), float(meta[0]["price"])


seen = {"pay_as_clear": clear(PayAsClearRole, "pay_as_clear"), "pay_as_bid": clear(PayAsBidRole, "pay_as_bid")}
expected = {"pay_as_clear": (4000.0, 4000.0, 40.0), "pay_as_bid": (1900.0, 1900.0, 19.0)}
known = {"pay_as_clear": (4000.0, 4000.0, 40.0), "pay_as_bid": (4000.0, 1900.0, 19.0)}
print("assume-framework 0.6.0; EUR paid by the buyer, EUR received by the sellers, EUR/MWh in the market's result")
for name, value in seen.items():
    print(f"{name}: expected {expected[name]}, seen {value}")
sys.exit(0 if seen == known else f"behaviour changed, known was {known}")
EOF
