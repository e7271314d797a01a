SELECT auction, bidder, price * 0.908 AS euros,
       CASE WHEN HOUR(event_time) BETWEEN 8 AND 18 THEN 'day'
            WHEN HOUR(event_time) <= 6 OR HOUR(event_time) >= 20 THEN 'night'
            ELSE 'between' END AS part_of_day,
       event_time, extra,
       CHAR_LENGTH(extra) - CHAR_LENGTH(REPLACE(extra, 'c', '')) AS letters_c
FROM bid
WHERE price * 0.908 > 1000000 AND price * 0.908 < 50000000
