"""The same tick as the scheduler of backups, by boto3: the same calls and items of the same plan, without most of its decisions."""

import datetime
import json
import os
import uuid
import zoneinfo

import boto3
import botocore.config
import botocore.exceptions

COPIES = 20  # of a region at a time
CONFIG = botocore.config.Config(connect_timeout=2, read_timeout=15)
clients = {}


def client(service, region):
    if (service, region) not in clients:
        clients[service, region] = boto3.client(service, region_name=region, config=CONFIG)
    return clients[service, region]


def handle(event):
    plan = json.loads(event)
    now = datetime.datetime.now(datetime.timezone.utc)
    table, dynamodb, owner = os.environ["BACKUP_TABLE"], client("dynamodb", plan["region"]), str(uuid.uuid4())
    lease = {"pk": text("lease"), "sk": text(plan["name"])}
    until = int(now.timestamp()) + 240
    try:
        dynamodb.put_item(
            TableName=table, Item=lease | {"owner": text(owner), "until": number(until), "expires_at": number(until + 86400)},
            ConditionExpression="attribute_not_exists(pk) OR #until <= :now OR #until > :longest OR #owner = :owner",
            ExpressionAttributeNames={"#until": "until", "#owner": "owner"},
            ExpressionAttributeValues={":now": number(int(now.timestamp())), ":longest": number(until + 900), ":owner": text(owner)})
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return b'{"tick":"busy"}'
    work(plan, now, table, dynamodb)
    dynamodb.delete_item(TableName=table, Key=lease, ConditionExpression="#owner = :owner", ExpressionAttributeNames={"#owner": "owner"},
                         ExpressionAttributeValues={":owner": text(owner)})
    return b'{"tick":"done"}'


def work(plan, now, table, dynamodb):
    region, recovery = plan["region"], plan["recovery"]["region"]
    rds = client("rds", region)
    databases = {each["DBInstanceIdentifier"]: each for each in pages(rds, "describe_db_instances", "DBInstances")}
    primaries = ours(plan, pages(rds, "describe_db_snapshots", "DBSnapshots", SnapshotType="manual"))
    copies = ours(plan, pages(client("rds", recovery), "describe_db_snapshots", "DBSnapshots", SnapshotType="manual"))
    running = {"Name": "status", "Values": ["starting", "in_progress", "canceling"]}
    pages(rds, "describe_export_tasks", "ExportTasks", Filters=[running])
    quotas = {quota["AccountQuotaName"]: quota for quota in rds.describe_account_attributes()["AccountQuotas"]}
    metric(plan, now, {}, ManualSnapshotsUsedPercent=100 * quotas["ManualSnapshots"]["Used"] / quotas["ManualSnapshots"]["Max"])
    dynamodb.query(TableName=table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": text("request")}, ConsistentRead=True)
    key = {"pk": text("status"), "sk": text(plan["name"])}
    last = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
    memory = json.loads(last["memory"]["S"]) if last else {}
    status, failures, begun = [], 0, 0
    for database in plan["databases"]:
        name, slot = database["identifier"], latest(database, now)
        history = {"slot": slot, "stages": {}}
        if databases[name]["DBInstanceStatus"] == "inaccessible-encryption-credentials":
            failures += 1
            state = client("kms", region).describe_key(KeyId=databases[name]["KmsKeyId"])["KeyMetadata"]["KeyState"]
            history["stages"]["snapshot"] = {"status": "failed", "message": f"its key is {state}"}
            tell(plan, now, "kms-key", database=name, slot=slot, message=f"its key is {state}")
        elif (name, slot) not in primaries:
            identifier = f"bk-{name}-{slot[:16].translate(str.maketrans('T', '-', '-:'))}"
            rds.create_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=identifier, Tags=tags(plan, name, slot, "primary"))
            history["stages"]["snapshot"] = {"status": "running", "identifier": identifier}
            tell(plan, now, "rds:CreateDBSnapshot", database=name, slot=slot, identifier=identifier)
        elif primaries[name, slot]["Status"] == "available" and (name, slot) not in copies and begun < COPIES:
            begun += 1
            snapshot = primaries[name, slot]
            client("rds", recovery).copy_db_snapshot(
                SourceDBSnapshotIdentifier=snapshot["DBSnapshotArn"], TargetDBSnapshotIdentifier=snapshot["DBSnapshotIdentifier"],
                KmsKeyId=database["recovery"]["kmsKeyArn"], CopyTags=False, Tags=tags(plan, name, slot, "recovery"))
            history["stages"]["recovery"] = {"status": "running", "identifier": snapshot["DBSnapshotIdentifier"]}
        if history != memory.get(name):
            dynamodb.put_item(TableName=table, Item={"pk": text("history#" + name), "sk": text(slot), "document": text(json.dumps(history)),
                                                     "expires_at": number(int(now.timestamp()) + 400 * 86400)})
        memory[name] = history
        status.append({"identifier": name, "kind": database["kind"]} | history)
    document = {"at": now.isoformat(), "databases": status}
    dynamodb.put_item(TableName=table, Item=key | {"document": text(json.dumps(document)), "memory": text(json.dumps(memory))})
    for database in plan["databases"]:
        newest = primaries.get((database["identifier"], latest(database, now)))
        age = {"BackupAge": (now - newest["SnapshotCreateTime"]).total_seconds()} if newest else {}
        metric(plan, now, {"Database": database["identifier"]}, WouldDelete=0, Held=0, **age)
    metric(plan, now, {"Reason": "kms-key"}, Failures=failures)


def pages(rds, operation, member, **parameters):
    found = []
    for page in rds.get_paginator(operation).paginate(PaginationConfig={"PageSize": 100}, **parameters):
        found += page[member]
    return found


def ours(plan, snapshots):
    """By database and slot."""
    of = {}
    for snapshot in snapshots:
        found = {tag["Key"]: tag["Value"] for tag in snapshot["TagList"]}
        if found.get("backup:plan") == plan["name"]:
            of[found["backup:database"], found["backup:slot"]] = snapshot
    return of


def latest(database, now):
    local = now.astimezone(zoneinfo.ZoneInfo(database["timeZone"]))
    hour, minute = map(int, database["times"][0].split(":"))
    slot = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if slot > local:
        slot -= datetime.timedelta(days=1)
    return slot.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def tags(plan, database, slot, role):
    values = {"backup:plan": plan["name"], "backup:database": database, "backup:slot": slot, "backup:role": role}
    return [{"Key": key, "Value": value} for key, value in values.items()]


def tell(plan, now, what, **about):
    print(json.dumps({"timestamp": now.isoformat(), "plan": plan["name"], "backup": what} | about))


def metric(plan, now, dimensions, **values):
    dimensions = {"Plan": plan["name"]} | dimensions
    print(json.dumps(dimensions | values | {"_aws": {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [{
        "Namespace": "Backup", "Dimensions": [list(dimensions)], "Metrics": [{"Name": name} for name in values]}]}}))


def text(value):
    return {"S": value}


def number(value):
    return {"N": str(value)}
