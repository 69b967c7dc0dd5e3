"""Starts moto's server with corrections to its CloudFormation, Lambda and IAM.

Usage: serve.py PORT. Prints "ready" and the port when it listens.
"""

import itertools
import json
import os
import sys
import threading

from moto.awslambda.models import LambdaBackend
from moto.cloudformation import utils
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.models import cloudformation_backends
from moto.dynamodb.models.table import Table
from moto.iam.models import Role
from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.sqs.models import Queue
from werkzeug.serving import make_server


def refuse_errors_only():
    """moto refuses a template for cfn-lint's warnings too. CloudFormation accepts those."""
    lint = utils.validate_template_cfn_lint
    only_errors = lambda template: [m for m in lint(template) if m.rule.id.startswith("E")]
    CloudFormationBackend.validate_template = lambda self, template: only_errors(template)


def register_exports_on_update():
    """moto registers a stack's exports at creation only. Serverless adds them by an update."""
    update = Stack.update

    def update_and_register(self, *args, **kwargs):
        update(self, *args, **kwargs)
        backend = cloudformation_backends[self.account_id][self.region_name]
        for export in self.exports:
            backend.exports[export.name] = export

    Stack.update = update_and_register


def leave_event_sources_to_the_test():
    """moto would run the functions of event source mappings in Docker, and take their messages."""
    create = LambdaBackend.create_event_source_mapping

    def create_only(self, spec):
        from moto.dynamodb.models import dynamodb_backends
        from moto.sqs.models import sqs_backends

        mapping = create(self, spec)
        for queue in sqs_backends[self.account_id][self.region_name].queues.values():
            queue.lambda_event_source_mappings.clear()
        for table in dynamodb_backends[self.account_id][self.region_name].tables.values():
            table.lambda_event_source_mappings.clear()
        return mapping

    LambdaBackend.create_event_source_mapping = create_only


def store_role_policies_as_json():
    """moto keeps a policy from a template as the text of a Python dict."""
    put_policy = Role.put_policy

    def put_json(self, name, document):
        put_policy(self, name, document if isinstance(document, str) else json.dumps(document))

    Role.put_policy = put_json


def update_tables():
    """moto's CloudFormation cannot update a table, and forgets it instead. A stream can be added, and nothing replaced."""

    def update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        new = cloudformation_json["Properties"]
        keys = [{name: key[name] for name in ("AttributeName", "KeyType")} for key in original_resource.schema]
        if new["TableName"] != original_resource.name or new["KeySchema"] != keys:
            raise ValueError(f"CloudFormation would replace the table {original_resource.name}")
        wanted = new.get("StreamSpecification", {}).get("StreamViewType")
        present = (original_resource.stream_specification or {}).get("StreamViewType")
        if present is not None and wanted != present:
            raise ValueError(f"CloudFormation would replace the stream of {original_resource.name}")
        if wanted != present:
            original_resource.set_stream_specification({"StreamEnabled": True, "StreamViewType": wanted})
        return original_resource

    Table.update_from_cloudformation_json = classmethod(update)


def count_messages():
    """moto gives messages of a FIFO queue random sequence numbers. Those of SQS increase in the order of sending."""
    add = Queue.add_message
    sent = itertools.count(1)

    def add_counted(self, message):
        if message.sequence_number is not None:
            message.sequence_number = f"{next(sent):020}"
        add(self, message)

    Queue.add_message = add_counted


for correct in (
    refuse_errors_only,
    register_exports_on_update,
    leave_event_sources_to_the_test,
    store_role_policies_as_json,
    update_tables,
    count_messages,
):
    correct()

class QuietHandler(MotoRequestHandler):
    def log_request(self, *args, **kwargs):
        pass


application = DomainDispatcherApplication(create_backend_app)
server = make_server("127.0.0.1", int(sys.argv[1]), application, threaded=True, request_handler=QuietHandler)
# Standard input closes when the parent ends in any way. Then this process ends too.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
print("ready", server.server_port, flush=True)
server.serve_forever()
