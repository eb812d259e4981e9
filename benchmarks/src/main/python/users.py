"""The same read as the function `users`: PyMySQL over verified TLS, logged in with an IAM token that is signed here."""

import datetime
import hashlib
import hmac
import json
import os
import ssl
import urllib.parse
import uuid

import pymysql

ENVIRONMENT = os.environ
connection = None


def handle(event):
    global connection
    user_id = uuid.UUID(json.loads(event)["pathParameters"]["userId"])
    if connection is None:
        connection = connect()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, email, phone, created_at FROM users WHERE user_id = %s", (user_id.bytes,))
        name, email, phone, created_at = cursor.fetchone()
    body = {"userId": str(user_id), "name": name, "email": email}
    if phone is not None:
        body["phone"] = phone
    body["createdAt"] = created_at.isoformat(timespec="milliseconds") + "Z"
    return json.dumps({
        "statusCode": 200,
        "headers": {"Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }).encode()


def connect():
    host, port = ENVIRONMENT["DATABASE_HOST"], int(ENVIRONMENT["DATABASE_PORT"])
    # Checks the certificate and the name in it, as verify-full does.
    tls = ssl.create_default_context(cafile=ENVIRONMENT["DATABASE_AUTHORITIES"])
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    user = ENVIRONMENT["DATABASE_USER"]
    return pymysql.connect(host=host, port=port, database=ENVIRONMENT["DATABASE_NAME"], user=user,
                           password=token(host, port, user), ssl=tls, autocommit=True)


def token(host, port, user):
    """A presigned URL of the action `connect`, without its scheme (AWS Signature Version 4)."""
    region = ENVIRONMENT["AWS_REGION"]
    time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{time[:8]}/{region}/rds-db/aws4_request"
    query = urllib.parse.urlencode([
        ("Action", "connect"),
        ("DBUser", user),
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
        ("X-Amz-Credential", f"{ENVIRONMENT['AWS_ACCESS_KEY_ID']}/{scope}"),
        ("X-Amz-Date", time),
        ("X-Amz-Expires", "900"),
        ("X-Amz-Security-Token", ENVIRONMENT["AWS_SESSION_TOKEN"]),
        ("X-Amz-SignedHeaders", "host"),
    ], quote_via=urllib.parse.quote, safe="")
    empty = hashlib.sha256(b"").hexdigest()
    request = f"GET\n/\n{query}\nhost:{host}:{port}\n\nhost\n{empty}"
    key = ("AWS4" + ENVIRONMENT["AWS_SECRET_ACCESS_KEY"]).encode()
    to_sign = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    for part in (*scope.split("/"), to_sign):
        key = hmac.digest(key, part.encode(), "sha256")
    return f"{host}:{port}/?{query}&X-Amz-Signature={key.hex()}"
