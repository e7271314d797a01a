package io.millrace.router;

import io.millrace.shard.Shard;

/// A shard with the router that lives on its thread: how other threads reach it.
public record RouterPort(Shard shard, Router router) {}
