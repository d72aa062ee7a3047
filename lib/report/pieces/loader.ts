/**
 * Unpacks and starts the script that a page with live pieces carries. As a classic script: pages that
 * are opened as files may not load modules.
 *
 * @module
 */

/// <reference lib="dom" />

import { unpack } from "../../text/packed.ts";
import { ENGINE_ID } from "./embedded.ts";

const text = await unpack(document.getElementById(ENGINE_ID)!.textContent!).text();
const script = document.createElement("script");
script.src = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
document.head.append(script);
