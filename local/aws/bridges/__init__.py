"""What local AWS lacks, one gap a module; each module's docstring names the gap, what AWS does, and when it can go."""

import importlib

# In order of installation: state comes before the bridges that keep something, clock before those that ask for the time, execution
# before those that read it, lambda_integration before the authorizers, and rds_instance before
# rds_snapshots and rds_copies, which make instances by it.
MODULES = (
    "state",
    "clock",
    "execution",
    "put_rest_api",
    "rest_api",
    "deployment",
    "stage",
    "domain_name",
    "gateway_response",
    "iam_denial",
    "mock_integration",
    "lambda_integration",
    "lambda_authorizer",
    "cognito_authorizer",
    "usage_plan",
    "http_api",
    "http_integration",
    "http_authorizer",
    "user_pool",
    "sign_in",
    "function_host",
    "function_code",
    "rds_instance",
    "rds_snapshots",
    "rds_copies",
    "rds_exports",
    "rds_permission",
    "rds_quota",
    "cloudfront_api_origin",
    "cloudfront_s3_origin",
    "cloudfront_own_paths",
    "cloudfront_path_pattern",
    "cloudfront_function",
    "secret_key",
    "secure_transport",
    "simulate_principal_policy",
    "function_network",
    "vpc_endpoint",
    "flow_log",
    "prefix_list_rule",
    "response_headers_policy",
    "metric_alarm",
    "application_autoscaling",
    "schedule",
    "repeated_request",
    "web_pages",
)


def install() -> None:
    """Installs every bridge into the MiniStack of this process, before it serves a request."""
    for name in MODULES:
        importlib.import_module(f"{__name__}.{name}").install()
