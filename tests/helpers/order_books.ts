/** Order books for the tests of the market: those of the fuzzer. */

export * from "../harness/fuzz/order_books.ts";
