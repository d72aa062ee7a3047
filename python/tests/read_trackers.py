"""Reads what trackers keep by their own readers, and prints it as JSON.

    python read_trackers.py tensorboard FOLDER
    python read_trackers.py wandb FILE
"""

import json
import sys


def tensorboard(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(folder, size_guidance={"scalars": 0})
    events.Reload()
    tags = events.Tags()
    return {
        "scalars": {
            tag: [[event.step, event.value] for event in events.Scalars(tag)]
            for tag in tags["scalars"]
        },
        "texts": {
            tag: events.Tensors(tag)[0].tensor_proto.string_val[0].decode()
            for tag in tags["tensors"]
        },
    }


def wandb(file):
    import wandb
    from wandb.proto import wandb_internal_pb2
    from wandb.sdk.internal.datastore import DataStore

    wandb._assert_is_internal_process = True
    store = DataStore()
    store.open_for_scan(file)
    read = {"history": [], "summary": {}}
    while (data := store.scan_data()) is not None:
        record = wandb_internal_pb2.Record()
        record.ParseFromString(data)
        values = lambda items: {item.key: json.loads(item.value_json) for item in items}
        kind = record.WhichOneof("record_type")
        if kind == "run":
            read["name"], read["project"] = record.run.display_name, record.run.project
            read["config"] = values(record.run.config.update)
        elif kind == "history":
            read["history"].append([record.history.step.num, values(record.history.item)])
        elif kind == "summary":
            read["summary"].update(values(record.summary.update))
        elif kind == "exit":
            read["exit"] = record.exit.exit_code
    return read


what, path = sys.argv[1:]
print(json.dumps({"tensorboard": tensorboard, "wandb": wandb}[what](path)))
