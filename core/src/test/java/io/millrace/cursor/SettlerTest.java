package io.millrace.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cursor.CursorRecord.Keyed;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SettlerTest {
    private static final LeaseToken TOKEN = new LeaseToken(1, 0, 0);
    private final Cursor cursor = new Cursor(1, CursorConfig.DEFAULT, 0);
    private final Settler settler = new Settler(cursor);

    SettlerTest() {
        cursor.apply(
                new CursorRecord.Delivered(
                        0,
                        1000,
                        2000,
                        1,
                        0,
                        List.of(new Keyed(0, 0)),
                        List.of(),
                        List.of(),
                        List.of()));
    }

    @Test
    void aLeaseHoldsUntilItsEnd() {
        assertThat(settler.settle(TOKEN, new Settlement.Complete(), 1999).reply())
                .isEqualTo(SettleReply.DONE);
        assertThat(settler.settle(TOKEN, new Settlement.Complete(), 2000).reply())
                .isEqualTo(SettleReply.LEASE_ENDED);
    }

    /// Else what is with the dead letters could be completed as well.
    @Test
    void whatIsOnItsWayToTheDeadLettersIsLeasedByNobody() {
        cursor.apply(new CursorRecord.Renewed(0, Long.MAX_VALUE));

        assertThat(settler.settle(TOKEN, new Settlement.Complete(), 1500).reply())
                .isEqualTo(SettleReply.LEASE_ENDED);
        assertThat(settler.settle(TOKEN, new Settlement.Reject(), 1500).reply())
                .isEqualTo(SettleReply.LEASE_ENDED);
    }

    /// After a crash it is a lease that has ended.
    @Test
    void whatWasOnItsWayToTheDeadLettersIsGivenOutAgainAfterACrash() {
        cursor.apply(new CursorRecord.Renewed(0, Long.MAX_VALUE));

        Cursor restored = Cursor.restored(1, CursorConfig.DEFAULT, cursor.snapshot());
        assertThat(new Settler(restored).endLeases(1500, 10))
                .containsExactly(new CursorRecord.Returned(0, 1500, true));
    }
}
