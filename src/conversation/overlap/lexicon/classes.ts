/** Kinds of words that the patterns of the other lists refer to as `{name}`. */
export const CLASSES: Readonly<Record<string, string>> = {
  /** Verdicts on what was said. */
  verdict: `amazing awesome awful bad beautiful best better bizarre brilliant brutal charming clear clever cool correct
    crazy cute delicious delightful difficult disappointing disgusting easy excellent exciting extraordinary fabulous
    fair fantastic fascinating fine fun funny generous genius gorgeous grand great gross handy hard heavy helpful hilarious
    horrible huge impressive incredible insane inspiring interesting intriguing ironic kind logical lovely lucky mad
    magnificent marvelous marvellous neat nice nuts odd outrageous outstanding perfect phenomenal pleasant positive
    pretty promising reasonable reassuring remarkable ridiculous right rough sad scary sensible sensational shocking sick
    silly simple smart solid special spectacular splendid strange stunning stupendous stupid sublime super superb
    surprising sweet terrible terrific thoughtful tough tragic tremendous true unbelievable unfortunate unlikely
    unreal useful weird wicked wild wise wonderful worse annoying frustrating understandable convenient relaxing touching
    moving heartbreaking encouraging refreshing hopeful news good`,
  /** Strengthens the word after it. */
  very: 'very really so pretty quite truly just absolutely totally super too such simply actually kind of rather extremely certainly definitely always all',
  /** What people call a thing that they have a verdict on. */
  thing: `thing idea point news story one question shame pity relief surprise deal plan job choice start day life world
    pleasure joy way work bummer laugh coincidence mess nightmare disaster honor honour advice fact view difference
    price answer tip place man guy girl woman child kid dog cat year night week trip stuff change`,
  /** Agreement in one word, and adverbs that stand for it. */
  agreed: `yes yeah yep yup yah ya yea yay ye aye right sure okay ok okey okie kay mkay alright correct exactly absolutely definitely
    certainly totally completely indeed precisely naturally obviously clearly surely truly true agreed understood noted
    roger copy fine good great nice cool perfect excellent awesome amazing wonderful fantastic lovely brilliant super
    superb terrific splendid marvelous sweet neat gotcha fabulous incredible unbelievable impressive beautiful
    interesting fascinating funny hilarious really seriously honestly literally wow whoa woah gosh goodness jeez geez
    gee damn dang darn shit hell crap ouch yikes yay hooray hurrah bravo congratulations congrats cheers thanks ta
    dear man dude bro boy sir ma'am alrighty righto okeydokey cute weird strange crazy insane wild dope sick lit legit
    word yessir oof phew whew aw aww amen hallelujah bingo likewise ditto same probably possibly apparently evidently
    positively undoubtedly fair clever smart wise genius magnificent phenomenal outstanding remarkable extraordinary
    shocking sad terrible horrible awful ridiculous nuts wicked ace smashing delightful charming glad happy nope nah
    ideal exciting inspiring heavenly lucky gorgeous stunning thrilling hurray delicious yum reasonable logical sensible`,
  /** Sounds that are no words, as recognisers spell them. */
  hum: `mm mmm mmmm m h mhm mmhm mmhmm mhmm hmm hm hmmm hum hmph mh huh uh uhh um umm uhm erm er eh ah ahh aha ahem ahh ha haha
    hah heh hehe hee oh ohh ooh oooh oo o aah aww ugh uhhuh uhuh hmhm nnn mn nm n hn hmn`,
};
