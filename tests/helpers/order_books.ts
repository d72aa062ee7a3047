/** Order books for the tests of the market: those of the fuzzer. */

export * from "../../tasks/fuzz/order_books.ts";
