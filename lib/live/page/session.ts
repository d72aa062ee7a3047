/**
 * Who plays for this page: its own engine where it carries one, its server otherwise.
 *
 * @module
 */

/// <reference lib="dom" />

import type { Session } from "../session.ts";
import { httpSession } from "./http_session.ts";
import { ENGINE, workerSession } from "./worker_session.ts";

/** Whether the page plays by itself. */
export const alone: boolean = document.getElementById(ENGINE) !== null;

/** Who plays. */
export const session: Session = alone ? workerSession() : httpSession;
