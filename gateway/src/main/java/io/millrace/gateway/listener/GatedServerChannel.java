package io.millrace.gateway.listener;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;

/// Puts a [ConnectionGate] before everything else on each accepted connection, and refuses those
/// that are too many before anything is allocated for them.
final class GatedServerChannel extends NioServerSocketChannel {
    private final ConnectionCensus census;
    private final GateWatches watches;

    GatedServerChannel(ConnectionCensus census, GateWatches watches) {
        this.census = census;
        this.watches = watches;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int count = super.doReadMessages(accepted);
        if (count > 0 && accepted.getLast() instanceof Channel channel) {
            if (census.enter()) {
                channel.pipeline()
                        .addFirst(ConnectionGate.NAME, new ConnectionGate(census, watches));
            } else {
                accepted.removeLast();
                channel.unsafe().closeForcibly();
            }
        }
        return count;
    }
}
