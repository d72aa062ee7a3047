import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { loadsBySlot } from "../../lib/data/loads_by_slot.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { account, chargeFinalEnergy } from "../../lib/env/account.ts";
import { ACTION_SIZE, readActions } from "../../lib/env/action.ts";
import { aheadHours } from "../../lib/env/ahead.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { dispatch } from "../../lib/env/dispatch.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { createLedger } from "../../lib/env/ledger.ts";
import { createMarket } from "../../lib/env/market.ts";
import type { SlotContext } from "../../lib/env/slot.ts";
import { copyState, createState, slotBatteries } from "../../lib/env/state.ts";
import { trade, writeOrders } from "../../lib/env/trade.ts";
import { stream } from "../../lib/random.ts";
import { wildActions, worldOf } from "../helpers/worlds.ts";

/** What the modules that define a slot work on, in arrays of its own, in the state of `env`. */
function plainContext(env: EnergyMarketEnv): SlotContext {
  const { dataset, config, communities, prosumers, rows } = env;
  const state = createState(communities, prosumers);
  copyState(env.state, state);
  return {
    dataset,
    loads: loadsBySlot(dataset.profiles),
    config,
    batteries: slotBatteries(dataset),
    state,
    ledger: createLedger(communities, prosumers),
    actions: new Float64Array(rows * ACTION_SIZE),
    requestKw: new Float64Array(rows),
    market: createMarket(prosumers),
  };
}

/** A slot as its modules define it. */
function plainStep(context: SlotContext, actions: Float64Array, last: boolean): void {
  const { dataset: { profiles }, config, state, ledger } = context;
  readActions(actions, context.actions);
  for (let c = 0; c < ledger.slot.length; c++) {
    const slot = state.firstSlot[c] + state.step;
    ledger.slot[c] = slot;
    dispatch(context, c, slot);
    writeOrders(context, c, slot);
    trade(context, c, slot);
    account(context, c, slot, {
      importPricePerKwh: profiles.importPricePerKwh[slot],
      feedInTariffPerKwh: profiles.feedInTariffPerKwh[slot],
      networkFeePerKwh: config.market.networkFeePerKwh,
    });
    if (last) chargeFinalEnergy(context, c);
  }
  state.step++;
}

/** The bits of numbers: zeros of different sign differ, and NaN equals itself. */
function bits(values: Float64Array | Int32Array | Uint8Array): BigUint64Array | Uint8Array {
  const { buffer, byteOffset, byteLength, length } = values;
  return values instanceof Float64Array
    ? new BigUint64Array(buffer, byteOffset, length)
    : new Uint8Array(buffer, byteOffset, byteLength);
}

function assertSameSlots(dataset: Dataset, config: EnvironmentConfig, seed: number): void {
  const env = new EnergyMarketEnv(dataset, config, 3);
  const random = stream(seed, "kernels");
  const latest = dataset.profiles.grid.slots - env.slotsPerEpisode;
  env.reset({ seed, firstSlots: [0, random.below(latest + 1), latest] });
  const plain = plainContext(env);
  const idle = new Float64Array(env.rows * ACTION_SIZE);
  for (let step = 1; step <= env.slotsPerEpisode; step++) {
    const actions = wildActions(random, idle);
    const { info, terminated } = env.step(actions);
    plainStep(plain, actions, terminated);
    for (const [name, column] of Object.entries(plain.ledger)) {
      const label = `${name} of world ${seed} in step ${step}`;
      assertEquals(bits(info[name as keyof typeof info]), bits(column), label);
    }
    for (const [name, column] of Object.entries(plain.state)) {
      if (typeof column === "number") continue;
      const actual = env.state[name as keyof typeof env.state] as Float64Array;
      assertEquals(bits(actual), bits(column), `${name} of world ${seed} after step ${step}`);
    }
  }
}

/** The same world, whose batteries have neither curves nor wear: those that the kernels advance. */
function withConstantBatteries(dataset: Dataset): Dataset {
  const prosumers = dataset.community.prosumers.map((prosumer) => {
    if (prosumer.battery === null) return prosumer;
    const {
      roundTripEfficiencyByPower: _efficiency,
      powerShareBySoc: _power,
      capacityLossCoefficient: _loss,
      ...battery
    } = prosumer.battery;
    return { ...prosumer, battery };
  });
  return { ...dataset, community: { ...dataset.community, prosumers } };
}

Deno.test("environment kernels: every slot of 40 random worlds is bit for bit what its modules define", () => {
  for (let seed = 100; seed < 140; seed++) {
    const { dataset, config } = worldOf(seed, 2);
    assertSameSlots(dataset, config, seed);
  }
});

Deno.test("environment kernels: the same where batteries are constant, as in most communities", () => {
  for (let seed = 140; seed < 180; seed++) {
    const { dataset, config } = worldOf(seed, 2);
    assertSameSlots(withConstantBatteries(dataset), { ...config, batteryAction: "feasible" }, seed);
  }
});

for (const prosumers of [1, 2, 3, 47, 48, 49, 97]) {
  Deno.test(`environment kernels: ${prosumers} prosumers fill pairs or leave one over`, () => {
    const dataset = synthesize({ seed: prosumers, prosumers, days: 2, dtHours: 1 });
    assertSameSlots(dataset, environmentConfigSchema.parse({}), prosumers);
  });
}

Deno.test("environment kernels: blocks ahead are even in number, for they are taken two at a time", () => {
  assertEquals(aheadHours.length % 2, 0);
});

Deno.test("environment kernels: communities beyond 4 GB are refused in one line", () => {
  const dataset = synthesize({ seed: 1, prosumers: 10, days: 1, dtHours: 1 });
  const { message } = assertThrows(
    () => new EnergyMarketEnv(dataset, undefined, 1_000_000),
    RangeError,
  );
  assertStringIncludes(message, "an environment must fit into 4 GB, this one takes");
  assertStringIncludes(message, "take fewer communities");
});

Deno.test("environment kernels: a runtime without SIMD is told so in one line", async () => {
  const { Module } = WebAssembly;
  // A module of its own, which has compiled nothing yet.
  const url = new URL("../../lib/env/wasm/kernels.ts?without-simd", import.meta.url);
  const { createKernels } = await import(url.href);
  WebAssembly.Module = class {
    constructor() {
      throw new WebAssembly.CompileError("SIMD unsupported");
    }
  } as unknown as typeof Module;
  const none = { float64: {}, int32: {}, uint8: {} };
  try {
    const { message } = assertThrows(() => createKernels(none, {}), Error);
    assertEquals(
      message,
      "this runtime cannot run the environment, which needs WebAssembly with SIMD (SIMD unsupported); " +
        "take a newer processor or Deno",
    );
  } finally {
    WebAssembly.Module = Module;
  }
});
