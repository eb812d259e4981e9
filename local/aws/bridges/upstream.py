"""How a bridge reaches into MiniStack: only by name and parameters that it checks first, so that a change upstream fails at start."""

import functools
import inspect


class UpstreamChanged(RuntimeError):
    """What a bridge replaces is no longer what the bridge was written for."""


def expect(module, name: str, *parameters: str):
    """The function module.name, which must take exactly these parameters (in order)."""
    function = getattr(module, name, None)
    if not callable(function):
        raise UpstreamChanged(f"{module.__name__}.{name} is gone; read its bridge again")
    found = tuple(inspect.signature(function).parameters)
    if found != parameters:
        raise UpstreamChanged(
            f"{module.__name__}.{name} takes ({', '.join(found)}), its bridge was written for ({', '.join(parameters)})"
        )
    return function


def attribute(module, name: str, kind: type):
    """The value module.name, which must be of this type."""
    value = getattr(module, name, None)
    if not isinstance(value, kind):
        raise UpstreamChanged(f"{module.__name__}.{name} is {type(value).__name__}, its bridge expects {kind.__name__}")
    return value


def wrap(module, name: str, *parameters: str):
    """Decorator: the decorated function is called in place of module.name, with the original as its first argument."""
    original = expect(module, name, *parameters)

    def decorate(bridge):
        @functools.wraps(original)
        def bridged(*args, **kwargs):
            return bridge(original, *args, **kwargs)

        setattr(module, name, bridged)
        return bridge

    return decorate


def replace(module, name: str, *parameters: str):
    """Decorator: the decorated function takes the place of module.name, with the same parameters."""
    expect(module, name, *parameters)

    def decorate(bridge):
        setattr(module, name, bridge)
        return bridge

    return decorate


def wrap_action(module, table: str, action: str, *parameters: str):
    """Like wrap, for an action that MiniStack dispatches through a table (action name -> function)."""
    actions = attribute(module, table, dict)
    original = actions.get(action)
    if original is None:
        raise UpstreamChanged(f"{module.__name__}.{table} has no {action}; read its bridge again")
    expect(module, original.__name__, *parameters)

    def decorate(bridge):
        @functools.wraps(original)
        def bridged(*args, **kwargs):
            return bridge(original, *args, **kwargs)

        actions[action] = bridged
        return bridge

    return decorate
