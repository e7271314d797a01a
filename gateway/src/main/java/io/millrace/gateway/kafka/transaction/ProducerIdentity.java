package io.millrace.gateway.kafka.transaction;

/// What a producer writes into its batches to be told from others.
///
/// @param producerId -1 for none
/// @param epoch -1 for none; a higher one fences the lower ones of the same id
public record ProducerIdentity(long producerId, short epoch) {
    public static final ProducerIdentity NONE = new ProducerIdentity(-1, (short) -1);

    /// The last one that a producer gets: the one above is only for fencing it.
    static final short EPOCH_MAX = Short.MAX_VALUE - 1;

    static ProducerIdentity first(long producerId) {
        return new ProducerIdentity(producerId, (short) 0);
    }

    boolean isNone() {
        return producerId < 0;
    }

    /// Whether a producer with the next epoch could not be fenced any more.
    boolean isExhausted() {
        return epoch >= EPOCH_MAX;
    }

    /// The same producer with a higher epoch.
    ProducerIdentity bumped() {
        if (epoch == Short.MAX_VALUE) {
            throw new IllegalStateException("producer %d has no epoch left".formatted(producerId));
        }
        return new ProducerIdentity(producerId, (short) (epoch + 1));
    }
}
