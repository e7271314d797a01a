package io.millrace.shard;

/// Something to be run on the shard's thread, between appends.
final class Call extends Command {
    final Runnable action;

    Call(Runnable action) {
        this.action = action;
    }

    @Override
    int bytes() {
        return 0;
    }
}
