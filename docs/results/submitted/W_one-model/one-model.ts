/**
 * The agents of `data/models/W`, which imitated each home's dynamic program in the 200 communities that
 * W has for training (`deno task train --data W`), as they are. They read what homes see.
 *
 * @module
 */

import { loadModel, type Policy } from "@energy-lab/p2p";

const oneModel: Policy = await loadModel("data/models/W", "one-model");
export default oneModel;
