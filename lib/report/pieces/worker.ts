/**
 * Computes live pieces in a page's own Worker.
 *
 * @module
 */

import type { PieceReply, PieceRequest } from "./messages.ts";
import { pieceNamed } from "./pieces.ts";

/** Where a Worker hears and answers. */
export interface WorkerScope {
  /** Called with each request. */
  onmessage: ((event: MessageEvent<PieceRequest>) => void) | null;
  /** Answers. */
  postMessage(reply: PieceReply): void;
}

/** Answers requests from now on. */
export function servePieces(scope: WorkerScope): void {
  /** The latest request of each piece. */
  const latest = new Map<string, number>();
  scope.onmessage = async ({ data: { id, piece, values } }) => {
    latest.set(piece, id);
    if (values === null) return;
    try {
      for await (const data of pieceNamed(piece).compute(values)) {
        scope.postMessage({ id, data });
        // Lets a later request be heard.
        await new Promise((resolve) => setTimeout(resolve, 0));
        if (latest.get(piece) !== id) return;
      }
      scope.postMessage({ id, end: true });
    } catch (error) {
      scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  };
}
