SELECT auction, bidder, price, channel,
       SPLIT_INDEX(url, '/', 3) AS first_folder, SPLIT_INDEX(url, '/', 4) AS second_folder,
       SPLIT_INDEX(url, '/', 5) AS third_folder
FROM bid
