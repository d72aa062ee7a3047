/**
 * The Worker of a page that plays by itself, without planners.
 *
 * @module
 */

import { answerPage } from "./page_answers.ts";

answerPage();
