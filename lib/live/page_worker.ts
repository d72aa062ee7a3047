/**
 * The Worker of a page that plays by itself, without planners.
 *
 * @module
 */

import "../text/without_eval.ts";
import { answerPage } from "./page_answers.ts";

answerPage();
