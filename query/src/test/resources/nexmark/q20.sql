SELECT b.auction, b.bidder, b.price, b.channel, b.url, b.event_time AS bid_time, b.extra,
       a.item, a.description, a.initial_bid, a.reserve, a.event_time AS opened, a.expires,
       a.seller, a.category
FROM bid AS b
JOIN auction AS a ON b.auction = a.data_id
WHERE a.category = 10
