"""Gap: a schedule fires whatever its role may do, a rate waits for its first interval, and of a function that fails nobody hears.

On AWS EventBridge Scheduler assumes the schedule's role, for the schedule's group, and invokes the target with it. What it may not deliver
goes to the dead-letter queue, if the role may send there:
https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
A rate without a start date starts at once: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based
A function is invoked asynchronously, and what becomes of its errors is the invoked alias's or version's to say:
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
Not modelled: retries of a delivery, which here only fails for good. It can go when MiniStack does all of it.
"""

import json
import logging

from ministack.core.arn import ArnParseError, parse_arn
from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge, iam, lambda_svc, scheduler

from . import lambda_integration, simulate_principal_policy, upstream

logger = logging.getLogger("bridges.schedule")

_ACTIONS = {
    "lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish", "states": "states:StartExecution",
    "events": "events:PutEvents",
}


def _trusted(role_arn: str, group: str) -> bool:
    """Whether the role lets EventBridge Scheduler assume it for schedules of this group."""
    role = iam._roles.get(role_arn.rsplit("/", 1)[-1])
    if role is None or role["Arn"] != role_arn:
        return False
    return simulate_principal_policy.trusts(
        role, "scheduler.amazonaws.com", {"aws:sourceaccount": get_account_id(), "aws:sourcearn": scheduler._group_arn(group)})


def _denial(schedule: dict, target_arn: str) -> str | None:
    """Why the schedule's role does not let the target be invoked, or None if it does."""
    role = schedule["Target"]["RoleArn"]
    if not _trusted(role, schedule["GroupName"]):
        return f"scheduler.amazonaws.com may not assume {role}"
    action = _ACTIONS.get(target_arn.split(":")[2])
    if action is None or simulate_principal_policy.decision(role, action, target_arn) == "allowed":
        return None
    return f"{role} may not {action} on {target_arn}"


def _give_up(schedule: dict, reason: str) -> None:
    logger.error("%s is not delivered: %s", schedule["Arn"], reason)
    queue = (schedule["Target"].get("DeadLetterConfig") or {}).get("Arn")
    if not queue:
        return
    denial = _denial(schedule, queue)
    if denial:
        logger.error("%s: nor is its dead letter: %s", schedule["Arn"], denial)
    else:
        eventbridge._dispatch_to_sqs(parse_arn(queue), schedule["Target"].get("Input") or "{}", {})


def _invoke_function(arn: str, event: dict) -> bool:
    """Invokes a function asynchronously, as the alias or version says; False if there is none."""
    record, config, _name = lambda_svc._get_func_record_for_ref(arn)
    function, _config, _name = lambda_svc._get_base_func_record_for_ref(arn)
    if record is None or config is None or function is None:
        return False
    qualifier = parse_arn(arn).resource.removeprefix("function:").partition(":")[2] or "$LATEST"
    with lambda_integration.invoking(arn):
        invoked = lambda_svc._execution_record_for_config(record, config)
        invoked["event_invoke_config"] = (function.get("event_invoke_configs") or {}).get(qualifier)
        invoked["event_invoke_configs"] = {}
        lambda_svc.invoke_async_with_retry(invoked, event)
    return True


def _start(name: str, body: dict) -> None:
    """Has a new rate fire at the next look, or at its start date; MiniStack would count from the creation."""
    key = (get_account_id(), get_region(), f"{body.get('GroupName', 'default')}/{name}")
    scheduler._schedule_last_fired.pop(key, None)  # of one of the same name that was deleted
    if eventbridge._parse_rate_seconds(body["ScheduleExpression"]) is not None:
        scheduler._schedule_last_fired[key] = 0.0


def install() -> None:
    upstream.attribute(scheduler, "_schedule_last_fired", dict)
    upstream.expect(scheduler, "_group_arn", "name")
    upstream.expect(eventbridge, "_parse_rate_seconds", "expr")
    upstream.expect(eventbridge, "_dispatch_to_sqs", "spec", "payload", "sqs_parameters")
    upstream.expect(lambda_svc, "invoke_async_with_retry", "func", "event")
    upstream.expect(lambda_svc, "_get_base_func_record_for_ref", "function_ref")

    def checked(body: dict):
        target = body.get("Target") or {}
        if target.get("RoleArn") and not _trusted(target["RoleArn"], body.get("GroupName", "default")):
            message = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
            return scheduler._error(400, "ValidationException", message)
        return None

    @upstream.wrap(scheduler, "_create_schedule", "name", "body")
    def create(original, name, body):
        answer = checked(body) or original(name, body)
        if answer[0] == 200:
            _start(name, body)
        return answer

    @upstream.wrap(scheduler, "_update_schedule", "name", "body")
    def update(original, name, body):
        return checked(body) or original(name, body)

    @upstream.wrap(eventbridge, "_invoke_target", "target", "event", "rule", "view")
    def invoke(original, target, event, rule, view=None):
        try:
            spec = parse_arn(target.get("Arn", ""))
        except ArnParseError:
            return original(target, event, rule, view)
        if ":scheduler:" not in rule.get("Arn", "") or (spec.account_id, spec.region) != (get_account_id(), get_region()):
            return original(target, event, rule, view)
        denial = _denial(rule, target["Arn"])
        if denial:
            return _give_up(rule, denial)
        if spec.service != "lambda":
            return original(target, event, rule, view)
        if not _invoke_function(target["Arn"], json.loads(target.get("Input") or "{}")):
            return _give_up(rule, f"there is no function {target['Arn']}")
        return None
