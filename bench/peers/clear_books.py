"""Clears a uniform-price double auction in NumPy, by the rule of lib/market/auction.ts.

Usage: clear_books.py BOOK FILLS RUNS ROUNDS

BOOK holds float64 numbers: the prices of all bids, their quantities, the prices of as many asks,
their quantities. Writes the fills of bids and asks to FILLS, and prints volume, price and the
seconds of each run as JSON; a run clears the book ROUNDS times, and is divided by that.
"""

import json
import sys
import time

import numpy as np

DUST_KWH = 1e-9
PRICE_WEIGHT = 0.5
WARM_UPS = 2


def depth(price, quantity, sign):
    """Orders sorted best first, and for each price level its price and the quantity up to it."""
    order = np.argsort(sign * price)
    order = order[quantity[order] >= DUST_KWH]
    sorted_price = price[order]
    ends = np.flatnonzero(np.append(sorted_price[1:] != sorted_price[:-1], True))
    return order, ends, sorted_price[ends], np.cumsum(quantity[order])[ends]


def fill(quantity, side, volume, level):
    """All of the better levels, and the marginal one pro rata."""
    order, ends, _, depths = side
    fills = np.zeros_like(quantity)
    begin, end = (0 if level == 0 else ends[level - 1] + 1), ends[level] + 1
    before = 0.0 if level == 0 else depths[level - 1]
    fills[order[:begin]] = quantity[order[:begin]]
    share = (volume - before) / (depths[level] - before)
    fills[order[begin:end]] = quantity[order[begin:end]] * share
    return fills


def clear(bid_price, bid_quantity, ask_price, ask_quantity):
    """Volume, price and fills; no volume and no price without trade."""
    demand = depth(bid_price, bid_quantity, -1)
    supply = depth(ask_price, ask_quantity, 1)
    _, _, bids, demanded = demand
    _, _, asks, supplied = supply
    # What bids down to each level can buy from asks that are no dearer.
    affordable = np.searchsorted(asks, bids, side="right")
    tradable = np.minimum(demanded, np.append(0.0, supplied)[affordable])
    volume = tradable.max(initial=0.0)
    if volume == 0:
        return 0.0, None, np.zeros_like(bid_quantity), np.zeros_like(ask_quantity)
    bid = np.searchsorted(demanded, volume)
    ask = np.searchsorted(supplied, volume)
    next_bid = bid if demanded[bid] - volume >= DUST_KWH else bid + 1
    next_ask = ask if supplied[ask] - volume >= DUST_KWH else ask + 1
    low = max(asks[ask], bids[next_bid]) if next_bid < len(bids) else asks[ask]
    high = min(bids[bid], asks[next_ask]) if next_ask < len(asks) else bids[bid]
    price = low + PRICE_WEIGHT * (high - low)
    bid_fills = fill(bid_quantity, demand, volume, bid)
    ask_fills = fill(ask_quantity, supply, volume, ask)
    return volume, price, bid_fills, ask_fills


def main():
    book_file, fills_file, runs, rounds = *sys.argv[1:3], *map(int, sys.argv[3:5])
    book = np.split(np.fromfile(book_file), 4)
    seconds = []
    for _ in range(WARM_UPS + runs):
        began = time.perf_counter()
        for _ in range(rounds):
            volume, price, bid_fills, ask_fills = clear(*book)
        seconds.append((time.perf_counter() - began) / rounds)
    np.concatenate([bid_fills, ask_fills]).tofile(fills_file)
    print(json.dumps({
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__},
        "volumeKwh": float(volume),
        "price": None if price is None else float(price),
        "seconds": seconds[WARM_UPS:],
    }))


if __name__ == "__main__":
    main()
