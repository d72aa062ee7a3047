/**
 * The part of the {@link ./audit.ts} that recomputes what homes get back of network fees: by pairs of
 * homes, in the place of the sums by branch and feeder that the environment takes.
 *
 * @module
 */

import type { Network } from "../network/network.ts";
import type { Demand, EpisodeBooks } from "./audit.ts";
import { near } from "./tolerance.ts";

/** Demands that every refund is that of the trades and the network, and none where none is due. */
export function auditRefunds(
  { records, dataset: { community, network, profiles }, config, tariffs, first, episode }:
    EpisodeBooks,
  demand: Demand,
): void {
  const { home: { tradedKwh, feeRefund }, homes, slotsPerEpisode } = records;
  const shares = config.network?.feeRefund;
  if (network === undefined || shares === undefined) {
    const from = episode * slotsPerEpisode * homes;
    const own = feeRefund.subarray(from, from + slotsPerEpisode * homes);
    return demand("money", own.every((amount) => amount === 0));
  }
  const places = community.prosumers.map(({ id }) => placeOf(network, network.homes[id]));
  const isNear = [
    (i: number, j: number) => places[i].branch === places[j].branch,
    (i: number, j: number) => places[i].feeder === places[j].feeder,
    () => true,
  ];
  const { cost, market } = config;
  const inMillionths = (price: number) => Math.round(price * 1e6) / 1e6;
  for (let step = 0; step < slotsPerEpisode; step++) {
    const carbon = cost.carbonPricePerKg * profiles.carbonKgPerKwh[first + step];
    const spread = Math.min(
      ...tariffs.map((each) =>
        inMillionths(each.importPricePerKwh[first + step] + carbon) -
        inMillionths(each.feedInTariffPerKwh[first + step])
      ),
    );
    const fee = market.orders === "curves"
      ? Math.max(0, Math.min(inMillionths(market.networkFeePerKwh), spread / 2))
      : market.networkFeePerKwh;
    const from = (episode * slotsPerEpisode + step) * homes;
    let left = Array.from(tradedKwh.subarray(from, from + homes));
    const due = left.map(() => 0);
    [shares.sameBranch, shares.sameFeeder, shares.beyond].forEach((share, distance) => {
      left = left.map((traded, i) => {
        // Of all that is bought and sold nearby, a home's part of what goes both ways.
        let bought = 0, sold = 0;
        left.forEach((other, j) => {
          if (!isNear[distance](i, j)) return;
          if (other > 0) bought += other;
          else sold -= other;
        });
        const own = traded > 0 ? bought : sold;
        const part = own === 0 ? 0 : distance === 2 ? 1 : Math.min(bought, sold) / own;
        due[i] += share * fee * Math.abs(part * traded);
        return traded - part * traded;
      });
    });
    due.forEach((amount, i) =>
      demand("money", near(amount, feeRefund[from + i], Math.abs(tradedKwh[from + i])))
    );
  }
}

/** The joint and the line from the transformer that a home's node belongs to. */
function placeOf({ nodes }: Network, id: string) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const path = [byId.get(id)!];
  while (path[0].parent !== null) path.unshift(byId.get(path[0].parent)!);
  const isEnd = nodes.every(({ parent }) => parent !== id);
  const branch = isEnd && path.length > 2 ? path.at(-2)! : path.at(-1)!;
  return { branch: branch.id, feeder: (path[1] ?? path[0]).id };
}
