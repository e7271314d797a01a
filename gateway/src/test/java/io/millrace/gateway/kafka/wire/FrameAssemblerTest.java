package io.millrace.gateway.kafka.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FrameAssemblerTest {
    private static final int MAX = 10 << 20;
    private final FrameAssembler frames = new FrameAssembler(MAX);

    @Test
    void framesComeOutWholeHoweverTheyArrive() throws Exception {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.println("FrameAssemblerTest: -Dmillrace.seed=" + seed);
        Random random = new Random(seed);
        List<byte[]> sent = new ArrayList<>();
        ByteBuffer all = ByteBuffer.allocate(64 << 20);
        for (int i = 0; i < 40; i++) {
            byte[] frame = new byte[1 + random.nextInt(i % 8 == 0 ? 5 << 20 : 2_000)];
            random.nextBytes(frame);
            sent.add(frame);
            all.putInt(frame.length).put(frame);
        }
        all.flip();
        List<byte[]> got = new ArrayList<>();
        while (all.hasRemaining()) {
            int piece = Math.min(all.remaining(), 1 + random.nextInt(100_000));
            while (piece > 0) {
                int count = Math.min(piece, frames.wanted());
                all.get(frames.array(), frames.position(), count);
                frames.advance(count);
                piece -= count;
                if (frames.isComplete()) {
                    got.add(frames.take());
                }
            }
        }
        assertThat(got).hasSameSizeAs(sent);
        for (int i = 0; i < got.size(); i++) {
            assertThat(got.get(i)).isEqualTo(sent.get(i));
        }
        assertThat(frames.hasBegun()).isFalse();
    }

    @Test
    void whatIsOnlyAnnouncedTakesLittleMemory() throws Exception {
        announce(MAX);
        assertThat(frames.hasBegun()).isTrue();
        assertThat(frames.allocated()).isLessThanOrEqualTo(1 << 20);
    }

    @Test
    void lengthsOutOfBoundsAreRefused() {
        for (int length : new int[] {0, -1, Integer.MIN_VALUE, MAX + 1}) {
            assertThatThrownBy(() -> announce(new FrameAssembler(MAX), length))
                    .isInstanceOf(MalformedRequestException.class);
        }
    }

    private void announce(int length) throws MalformedRequestException {
        announce(frames, length);
    }

    private static void announce(FrameAssembler frames, int length)
            throws MalformedRequestException {
        ByteBuffer.wrap(frames.array()).putInt(length);
        frames.advance(4);
    }
}
