/**
 * What is mutated, and which tests have to notice.
 *
 * @module
 */

/** Modules that belong together, with their tests. */
export interface Area {
  /** Modules, from the root of the repository. */
  readonly modules: readonly string[];
  /** Test files, from the root of the repository. */
  readonly tests: readonly string[];
}

/** The areas by name. */
export const areas: Readonly<Record<string, Area>> = {
  filter: {
    modules: ["lib/safety/feasibility_filter.ts"],
    tests: ["tests/feasibility_filter_test.ts"],
  },
  auction: {
    modules: ["lib/market/auction.ts", "lib/market/book_side.ts"],
    tests: ["tests/auction_test.ts", "tests/certificate_test.ts"],
  },
  certificate: {
    modules: ["lib/market/certificate.ts", "lib/market/filled_levels.ts"],
    tests: ["tests/certificate_symmetry_test.ts", "tests/certificate_test.ts"],
  },
  settlement: {
    modules: ["lib/market/settlement.ts"],
    tests: ["tests/settlement_test.ts"],
  },
  battery: {
    modules: ["lib/physics/battery.ts", "lib/physics/curve.ts"],
    tests: ["tests/battery_test.ts"],
  },
  grid: {
    modules: ["lib/physics/grid.ts"],
    tests: ["tests/grid_test.ts"],
  },
  gae: {
    modules: ["lib/ppo/gae.ts"],
    tests: ["tests/gae_test.ts"],
  },
  optimum: {
    modules: [
      "lib/policies/optimum.ts",
      "lib/policies/community_program.ts",
      "lib/policies/linear_battery.ts",
      "lib/policies/linear_program.ts",
    ],
    tests: [
      "tests/linear_battery_test.ts",
      "tests/plan_test.ts",
      "tests/community_program_test.ts",
      "tests/optimum_test.ts",
    ],
  },
  slots: {
    modules: ["lib/policies/slot_program.ts"],
    tests: [
      "tests/plan_test.ts",
      "tests/community_program_test.ts",
      "tests/optimum_test.ts",
    ],
  },
};
