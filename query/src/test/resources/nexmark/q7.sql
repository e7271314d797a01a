CREATE TEMPORARY VIEW highest AS
SELECT MAX(price) AS price, window_time AS closing
FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(event_time), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, window_time;

SELECT b.auction, b.price, b.bidder, b.extra
FROM bid AS b
JOIN highest AS h
ON b.price = h.price AND b.event_time BETWEEN h.closing - INTERVAL '10' SECOND AND h.closing
