/**
 * Has the checks of input do without code made at run time: a page that plays by itself forbids it, and
 * to try is a complaint on the console of some browsers. To be imported before anything with a schema.
 *
 * @module
 */

import { config } from "zod";

config({ jitless: true });
