/// A market: trades become candles of a minute, and what a signal was worth as time went by.
///
/// The trades are made up from a seed ([Market]) or read from a file ([TradeFile]). What the
/// queries say is compared with what plain Java computes from the same trades ([Candle], [Worth]).
@NullMarked
package io.millrace.example.markets;

import org.jspecify.annotations.NullMarked;
