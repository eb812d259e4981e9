"""Gap: an RDS instance is reported at localhost, without MasterUserSecret, several settings are stored but not reported, and
DescribeDBInstances does not filter by resource id (the provider then takes another instance for the one it deleted).

On AWS an instance has an endpoint of its own name, and with ManageMasterUserPassword RDS keeps the master's password in a secret
`rds!db-...` that it makes, rotates on request and deletes with the instance:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
Here the endpoint is {identifier}.local0stack0.{region}.rds.amazonaws.com, at LOCAL_DATABASE_PORT, where the login bridge listens.
It can go when MiniStack reports such an endpoint, the secret, and the settings in _SETTINGS, and filters by dbi-resource-id.
"""

import json
import os
import re
from xml.sax.saxutils import escape

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import rds, secretsmanager

from . import upstream

# Settings that CreateDBInstance and ModifyDBInstance take and DescribeDBInstances must give back.
_SETTINGS = (
    "PreferredBackupWindow", "PreferredMaintenanceWindow", "CACertificateIdentifier", "EngineLifecycleSupport", "NetworkType",
    "PerformanceInsightsKMSKeyId", "StorageThroughput", "DatabaseInsightsMode",
)


def endpoint(identifier: str) -> dict:
    """Where the instance of this name is reached."""
    return {"Address": f"{identifier}.local0stack0.{get_region()}.rds.amazonaws.com", "Port": int(os.environ["LOCAL_DATABASE_PORT"])}


def _given(parameters: dict, name: str) -> str:
    return rds._p(parameters, name) or ""


def _describe(instance: dict) -> dict[str, str]:
    """The elements this bridge adds to or changes in a DBInstance of a response."""
    exports = "".join(f"<member>{escape(name)}</member>" for name in instance.get("EnabledCloudwatchLogsExports") or [])
    elements = {"EnabledCloudwatchLogsExports": exports}
    for name in ("EngineLifecycleSupport", "PerformanceInsightsKMSKeyId", "DatabaseInsightsMode"):
        if instance.get(name):
            elements[name] = escape(str(instance[name]))
    secret = instance.get("MasterUserSecret")
    if secret:
        elements["MasterUserSecret"] = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in secret.items())
    return elements


def _make_secret(instance: dict, kms_key: str) -> None:
    """Gives the instance a managed master password, in a secret only IAM opens."""
    instance["_MasterUserPassword"] = rds._generate_master_user_password()
    name = f"rds!db-{new_uuid()}"
    arn, _version = secretsmanager._store_new_secret(
        name,
        secret_string=_secret_string(instance),
        description=f"The secret associated with the primary RDS DB instance: {instance['DBInstanceArn']}",
        tags=[
            {"Key": "aws:secretsmanager:owningService", "Value": "rds"},
            {"Key": "aws:rds:primaryDBInstanceArn", "Value": instance["DBInstanceArn"]},
        ],
        kms_key_id=kms_key,
    )
    instance["MasterUserSecret"] = {"SecretArn": arn, "SecretStatus": "active", "KmsKeyId": kms_key}


def _secret_string(instance: dict) -> str:
    return json.dumps({"username": instance["MasterUsername"], "password": instance["_MasterUserPassword"]})


def _drop_secret(instance: dict) -> None:
    secret = instance.pop("MasterUserSecret", None)
    if secret:
        secretsmanager.delete_secret_in_process(secret["SecretArn"])


def _kms_key(parameters: dict) -> str:
    return _given(parameters, "MasterUserSecretKmsKeyId") or f"arn:aws:kms:{get_region()}:{get_account_id()}:alias/aws/secretsmanager"


def _apply(instance: dict, parameters: dict) -> None:
    for name in _SETTINGS:
        if _given(parameters, name):
            instance[name] = _given(parameters, name)
    instance["CertificateDetails"]["CAIdentifier"] = instance["CACertificateIdentifier"]


def _conflict(message: str):
    return rds._error("InvalidParameterCombination", message, 400)


def install() -> None:
    for name, parameters in {
        "_p": ("params", "key", "default"),
        "_error": ("code", "message", "status"),
        "_parse_member_list": ("params", "prefix"),
        "_single_instance_response": ("root_tag", "result_tag", "instance"),
        "_generate_master_user_password": (),
        "_resolve_instance": ("db_id",),
    }.items():
        upstream.expect(rds, name, *parameters)
    upstream.expect(
        secretsmanager, "_store_new_secret",
        "name", "secret_string", "secret_binary", "description", "tags", "kms_key_id", "rotation_lambda_arn", "rotation_rules")
    upstream.expect(secretsmanager, "delete_secret_in_process", "secret_id")
    upstream.expect(secretsmanager, "put_secret_value_in_process", "secret_id", "secret_string")

    @upstream.wrap(rds, "_apply_instance_filters", "instances", "filters")
    def find(original, instances, filters):
        wanted = filters.get("dbi-resource-id")
        return original([i for i in instances if not wanted or i.get("DbiResourceId") in wanted], filters)

    @upstream.wrap(rds, "_instance_xml", "i")
    def describe(original, i):
        xml = original(i)
        for name, content in _describe(i).items():
            element = f"<{name}>{content}</{name}>"
            xml, replaced = re.subn(f"<{name}/>|<{name}>.*?</{name}>", lambda _: element, xml, count=1, flags=re.S)
            if not replaced:
                xml += element
        return xml

    @upstream.wrap(rds, "_create_db_instance_impl", "p")
    def create(original, p):
        managed = _given(p, "ManageMasterUserPassword") == "true"
        if managed and _given(p, "MasterUserPassword"):
            return _conflict("You can't specify MasterUserPassword when ManageMasterUserPassword is enabled.")
        known = set(rds._instances)
        response = original(p)
        identifier = _given(p, "DBInstanceIdentifier")
        if response[0] >= 400 or identifier in known:
            return response
        instance = rds._instances[identifier]
        if not instance.get("DBClusterIdentifier"):
            instance["Endpoint"].update(endpoint(identifier))
        if not _given(p, "DBName"):
            instance["DBName"] = ""
        instance["EnabledCloudwatchLogsExports"] = rds._parse_member_list(p, "EnableCloudwatchLogsExports")
        _apply(instance, p)
        if managed:
            _make_secret(instance, _kms_key(p))
        return rds._single_instance_response("CreateDBInstanceResponse", "CreateDBInstanceResult", instance)

    @upstream.wrap_action(rds, "_ACTION_MAP", "ModifyDBInstance", "p")
    def modify(original, p):
        instance = rds._resolve_instance(_given(p, "DBInstanceIdentifier"))
        secret = (instance or {}).get("MasterUserSecret")
        rotate = _given(p, "RotateMasterUserPassword") == "true"
        if secret and _given(p, "MasterUserPassword") and _given(p, "ManageMasterUserPassword") != "false":
            return _conflict("You can't specify MasterUserPassword for an instance with ManageMasterUserPassword enabled.")
        if rotate and not secret:
            return _conflict("You can only rotate the master user password when it's managed by RDS in AWS Secrets Manager.")
        if rotate and _given(p, "ApplyImmediately") != "true":
            return _conflict("You must specify apply immediately when rotating the master user password.")
        response = original(p)
        if response[0] >= 400:
            return response
        _apply(instance, p)
        exports = [e for e in instance["EnabledCloudwatchLogsExports"]
                   if e not in rds._parse_member_list(p, "CloudwatchLogsExportConfiguration.DisableLogTypes")]
        added = rds._parse_member_list(p, "CloudwatchLogsExportConfiguration.EnableLogTypes")
        instance["EnabledCloudwatchLogsExports"] = exports + [e for e in added if e not in exports]
        if _given(p, "ManageMasterUserPassword") == "true" and not secret:
            _make_secret(instance, _kms_key(p))
        elif _given(p, "ManageMasterUserPassword") == "false":
            _drop_secret(instance)
        elif rotate:
            instance["_MasterUserPassword"] = rds._generate_master_user_password()
            secretsmanager.put_secret_value_in_process(secret["SecretArn"], _secret_string(instance))
        return rds._single_instance_response("ModifyDBInstanceResponse", "ModifyDBInstanceResult", instance)

    @upstream.wrap(rds, "_delete_db_instance_impl", "p")
    def delete(original, p):
        instance = rds._resolve_instance(_given(p, "DBInstanceIdentifier"))
        response = original(p)
        if response[0] < 400:
            _drop_secret(instance)
        return response
