/**
 * What runs in a page with live pieces: one script, which the page loads for itself and then gives to
 * its Worker.
 *
 * @module
 */

/// <reference lib="dom" />

import "../../text/without_eval.ts";
import { enlivenPage } from "./page.ts";
import { servePieces, type WorkerScope } from "./worker.ts";

if (typeof document === "undefined") servePieces(self as unknown as WorkerScope);
else enlivenPage((document.currentScript as HTMLScriptElement).src);
