CREATE TEMPORARY VIEW valid AS
SELECT a.data_id AS auction, a.seller, b.price, b.event_time AS bid_time
FROM auction AS a
JOIN bid AS b
ON b.auction = a.data_id
  AND b.event_time BETWEEN a.event_time AND a.event_time + INTERVAL '60' SECOND
  AND b.event_time <= a.expires;

CREATE TEMPORARY VIEW closed AS
SELECT auction, MAX(seller) AS seller, MAX(price) AS price, window_time AS closed_at
FROM TABLE(SESSION(TABLE valid PARTITION BY auction, DESCRIPTOR(bid_time), INTERVAL '60' SECOND))
GROUP BY auction, window_start, window_end, window_time;

SELECT seller, auction, AVG(price) OVER (
  PARTITION BY seller ORDER BY closed_at ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) AS average
FROM closed
